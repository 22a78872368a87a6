import type { ContentType } from '../api/types';

/** The content types as names of a group of texts. */
export const TYPE_PLURALS: Record<ContentType, string> = { blog: 'Blog posts', product: 'Product descriptions', social: 'Social media posts' };
