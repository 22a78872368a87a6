/** Why attempts are being repeated: only the socket tells it, so it is kept beside the contents. */

import { useSyncExternalStore } from 'react';

export interface RetryNote {
  /** The attempt that comes next, counted from 1. */
  attempt: number | null;
  maxAttempts: number | null;
  reason: string | null;
  /** When it comes, by the server's clock, in milliseconds since 1970. */
  retryAt: number;
}

const notes = new Map<string, RetryNote>();
const listeners = new Set<() => void>();

export function setRetryNote(contentId: string, note: RetryNote): void {
  notes.set(contentId, note);
  for (const tell of listeners) tell();
}

export function clearRetryNote(contentId: string): void {
  if (notes.delete(contentId)) for (const tell of listeners) tell();
}

export function useRetryNote(contentId: string): RetryNote | null {
  return useSyncExternalStore(subscribe, () => notes.get(contentId) ?? null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
