/**
 * Requests that could not be sent yet, without a network or because too many texts were waiting. They are stored on this
 * device like drafts and sent later, each with its own idempotency key, so that none is executed twice.
 */

import { useMemo, useSyncExternalStore } from 'react';

import { draftsOf, forgetDraft, keepBeside, NEW_TEXT, type Draft, type DraftValues } from './drafts';

export type Obstacle = 'offline' | 'full';

export interface Outgoing {
  draft: Draft;
  /** The form's values. */
  values: DraftValues;
  /** The Idempotency-Key under which it was or will be sent. */
  key: string;
  obstacle: Obstacle;
}

const OUTGOING = 'outgoing';
let version = 0;
const listeners = new Set<() => void>();

function changed(): void {
  version += 1;
  for (const tell of listeners) tell();
}

/** Returns false if the browser cannot store it; the request then stays in the form. */
export function keepOutgoing(userId: string, values: DraftValues, key: string, obstacle: Obstacle): boolean {
  const kept = keepBeside({ userId, text: OUTGOING }, { ...values, key, obstacle });
  changed();
  return kept !== null;
}

export function forgetOutgoing({ draft }: Outgoing): void {
  forgetDraft(draft);
  changed();
}

/** Turns a request that the server rejected into a draft, which the form offers. */
export function refuseOutgoing(userId: string, outgoing: Outgoing): void {
  keepBeside({ userId, text: NEW_TEXT }, { ...outgoing.values });
  forgetOutgoing(outgoing);
}

/** Returns the unsent requests, oldest first. */
export function useOutgoing(userId: string): Outgoing[] {
  const current = useSyncExternalStore(subscribe, () => version);
  // The version changes whenever the stored requests change.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => outgoingOf(userId), [userId, current]);
}

export function outgoingOf(userId: string): Outgoing[] {
  return draftsOf({ userId, text: OUTGOING }).reverse().map((draft) => {
    const { key = '', obstacle, ...values } = draft.values;
    return { draft, key, obstacle: obstacle === 'full' ? 'full' : 'offline', values };
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', changed);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', changed);
  };
}
