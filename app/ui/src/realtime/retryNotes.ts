/** Why attempts are being repeated: only the socket tells it, so it is kept beside the contents. */

import { useSyncExternalStore } from 'react';

import { createListeners } from '../lib/listeners';

export interface RetryNote {
  /** The attempt that comes next, counted from 1. */
  attempt: number | null;
  maxAttempts: number | null;
  reason: string | null;
  /** When it comes, by the server's clock, in milliseconds since 1970. */
  retryAt: number;
}

const notes = new Map<string, RetryNote>();
const { tell, subscribe } = createListeners();

export function setRetryNote(contentId: string, note: RetryNote): void {
  notes.set(contentId, note);
  tell();
}

export function clearRetryNote(contentId: string): void {
  if (notes.delete(contentId)) tell();
}

export function useRetryNote(contentId: string): RetryNote | null {
  return useSyncExternalStore(subscribe, () => notes.get(contentId) ?? null);
}
