import { diffArrays } from 'diff';

import type { Change } from '../api/versions';

const MOST_EDITS = 1_000;
const TIMEOUT_MS = 500;

/** The word diff of two texts, for every script; null if it takes too long. Equal and deleted parts join to exactly `from`. */
export function changesBetween(from: string, to: string): Change[] | null {
  const parts = diffArrays(wordsOf(from), wordsOf(to), { maxEditLength: MOST_EDITS, timeout: TIMEOUT_MS });
  if (!parts) return null;
  return parts.map(({ added, removed, value }) => ({ op: added ? 'insert' : removed ? 'delete' : 'equal', text: value.join('') }));
}

function wordsOf(text: string): string[] {
  if (!('Segmenter' in Intl)) return text.split(/(\s+)/);
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text), ({ segment }) => segment);
}
