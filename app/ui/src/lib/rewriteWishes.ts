/** The rewrites of a passage that the menus offer. */

import type { RewriteWish } from '../api/rewrites';
import { languageName } from './languages';

export interface Choice {
  label: string;
  wish: RewriteWish;
}

export const TONES = ['Friendly', 'Professional', 'Calm and factual', 'Lively', 'Persuasive', 'Formal'] as const;

export const SIMPLE_CHOICES: readonly Choice[] = [
  { label: 'Shorter', wish: { action: 'shorten' } },
  { label: 'Longer', wish: { action: 'expand' } },
  { label: 'Simpler', wish: { action: 'simplify' } },
  { label: 'Fix spelling', wish: { action: 'fix' } },
];

/** "Shorter", "Tone: friendly", "Into German", "As you said" */
export function purposeOf({ action, tone, language }: RewriteWish): string {
  switch (action) {
    case 'tone':
      return `Tone: ${(tone ?? '').toLowerCase()}`;
    case 'translate':
      return `Into ${languageName(language ?? '')}`;
    case 'custom':
      return 'In your words';
    default:
      return SIMPLE_CHOICES.find(({ wish }) => wish.action === action)?.label ?? action;
  }
}
