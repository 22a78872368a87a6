/** The name that people read: in the header, the page titles and the welcome. */
export const PRODUCT_NAME = 'AI Content Generator';
