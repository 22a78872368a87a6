/**
 * The texts that are being written, as far as they have come: one for each content that a page follows. Offsets are in Unicode
 * code points from the beginning of an attempt, as the server counts them.
 */

import { useSyncExternalStore } from 'react';

import { createListeners } from '../lib/listeners';

export interface LiveText {
  jobId: string | null;
  attempt: number;
  text: string;
  /** The text of the attempt before, which was not good enough; null for the first one. */
  refused: { attempt: number; text: string } | null;
}

/** The text so far, as the server acknowledges a `content:follow`. */
export interface SoFar {
  jobId: string | null;
  attempt: number;
  text: string;
}

export interface Delta extends SoFar {
  contentId: string;
  offset: number;
}

const texts = new Map<string, LiveText>();
const lengths = new WeakMap<LiveText, number>();
const { tell, subscribe } = createListeners();

export function useLiveText(contentId: string): LiveText | null {
  return useSyncExternalStore(subscribe, () => texts.get(contentId) ?? null);
}

/** Takes over what the server has. The refused text of the attempt before is kept, as far as it was seen here. */
export function begin(contentId: string, { jobId, attempt, text }: SoFar): void {
  const before = texts.get(contentId);
  put(contentId, { jobId, attempt, text, refused: refusedBefore(before, jobId, attempt) });
}

/** Adds a piece; false when one before it is missing, so that the text has to be asked for again. */
export function addDelta({ contentId, jobId, attempt, offset, text }: Delta): boolean {
  const before = texts.get(contentId);
  if (before?.jobId !== jobId) return false;
  if (attempt < before.attempt) return true;
  if (offset === 0) {
    put(contentId, { jobId, attempt, text, refused: refusedBefore(before, jobId, attempt) });
    return true;
  }
  const known = lengthOf(before);
  if (attempt > before.attempt || offset > known) return false;
  const rest = Array.from(text).slice(known - offset).join('');
  if (rest !== '') put(contentId, { ...before, text: before.text + rest });
  return true;
}

export function forgetLiveText(contentId: string): void {
  if (texts.delete(contentId)) tell();
}

function refusedBefore(before: LiveText | undefined, jobId: string | null, attempt: number): LiveText['refused'] {
  if (before?.jobId !== jobId) return null;
  if (attempt > before.attempt && before.text !== '') return { attempt: before.attempt, text: before.text };
  return before.refused;
}

function lengthOf(live: LiveText): number {
  const known = lengths.get(live) ?? Array.from(live.text).length;
  lengths.set(live, known);
  return known;
}

function put(contentId: string, live: LiveText): void {
  texts.set(contentId, live);
  tell();
}
