/** The editable fields of a text: its title and its text. */

import type { Content } from '../api/types';
import { isBlank, MAX_TITLE, text } from './validation';

export interface Writing {
  title: string;
  generatedText: string;
}

const FIELDS = ['title', 'generatedText'] as const;

export function writingOf({ title, generatedText }: Content): Writing {
  return { title, generatedText };
}

/** The fields of `typed` that differ from the saved ones. */
export function changesIn(typed: Writing, saved: Writing): Partial<Writing> {
  return Object.fromEntries(FIELDS.filter((field) => typed[field] !== saved[field]).map((field) => [field, typed[field]]));
}

/** Whether the text was emptied. */
export function isEmptied(typed: Writing, saved: Writing): boolean {
  return isBlank(typed.generatedText) && !isBlank(saved.generatedText);
}

/** The error of a title, or null. */
export const checkTitle = text(MAX_TITLE, 'Give it a title.');

/** The changes that can be saved without confirmation. */
export function sendableIn(typed: Writing, saved: Writing): Partial<Writing> {
  const { title, generatedText } = changesIn(typed, saved);
  return {
    ...(title === undefined || checkTitle(title) !== null ? {} : { title }),
    ...(generatedText === undefined || isEmptied(typed, saved) ? {} : { generatedText }),
  };
}

/** Whether changes saved elsewhere and those typed here, both based on `saved`, affect different fields or are equal. */
export function areApart(theirs: Writing, typed: Writing, saved: Writing, sent: readonly Partial<Writing>[]): boolean {
  const own = Object.keys(sendableIn(typed, saved)) as (keyof Writing)[];
  return own.every((field) => [saved, typed, ...sent].some((known) => known[field] === theirs[field]));
}
