/** Unfinished forms, kept for this tab until it closes, so that a reload costs nobody their words. */

import type { ContentRequest } from '../api/types';

export type Draft = Partial<ContentRequest>;

const PREFIX = 'draft:';

/** The draft that this person left in this tab; empty where there is none. */
export function readDraft(userId: string): Draft {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(PREFIX + userId) ?? '{}');
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

export function saveDraft(userId: string, draft: Draft): void {
  try {
    sessionStorage.setItem(PREFIX + userId, JSON.stringify(draft));
  } catch {
    // Storage can be full or forbidden: the form still works, it only does not survive a reload.
  }
}

/** Also called at a logout: the next person must not find the words of the one before. */
export function forgetDrafts(): void {
  try {
    const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index));
    for (const key of keys) if (key?.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // see saveDraft
  }
}
