/** The product's name, as shown in the header, the page titles and the welcome. */
export const PRODUCT_NAME = 'AI Content Generator';
