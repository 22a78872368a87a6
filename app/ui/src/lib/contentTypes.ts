import type { ComponentType } from 'react';

import type { ContentType } from '../api/types';
import { BlogIcon, ProductIcon, SocialIcon } from '../components/icons';

interface ContentTypeText {
  label: string;
  description: string;
  Icon: ComponentType<{ className?: string }>;
  example: { title: string; prompt: string };
}

/** The name and description of each content type, with an example of a good request. */
export const CONTENT_TYPE_TEXT: Record<ContentType, ContentTypeText> = {
  blog: {
    label: 'Blog post',
    description: 'Introduction, sections, conclusion.',
    Icon: BlogIcon,
    example: {
      title: 'A beginner’s guide to balcony tomatoes',
      prompt:
        'Explain to city people who have never grown anything how to raise tomatoes on a small balcony: which varieties, what pots and soil, how much water, and the three mistakes everybody makes. Friendly, practical, about 600 words.',
    },
  },
  product: {
    label: 'Product description',
    description: 'What it is, what it does for people, and why buy it.',
    Icon: ProductIcon,
    example: {
      title: 'Linen apron for home bakers',
      prompt:
        'Describe a washed-linen baking apron in sage green: one size, crossed back straps without a knot, two deep pockets, made in Portugal, gets softer with every wash. For people who bake at weekends. Warm, no superlatives.',
    },
  },
  social: {
    label: 'Social media post',
    description: 'Short, with a hook at the start and a call to action.',
    Icon: SocialIcon,
    example: {
      title: 'Repair café on Saturday',
      prompt:
        'Invite the neighbourhood to our repair café this Saturday from 2 to 5 pm in the library: bring lamps, toasters, trousers. Free, coffee included. Cheerful, one emoji at most, ends with a question.',
    },
  },
};
