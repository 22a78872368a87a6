/** User-facing messages for rewrites that fail or have to wait. */

import { ApiError, isPassing, isStatus, messageOf, NetworkError } from '../api/errors';

export const OFFLINE = 'You’re offline. We’ll go on when you’re back.';
export const LOST = 'This passage has changed in the meantime.';
const FULL = 'Many passages are being rewritten. This one follows.';
const BEING_WRITTEN = 'The text is being written right now. Try again when it is there.';

/** The message during automatic retries; null for permanent errors. */
export function waitingNote(error: unknown): string | null {
  if (error instanceof NetworkError) return OFFLINE;
  if (isCode(error, 'quota_exceeded')) return null;
  if (isStatus(error, 429) || isCode(error, 'idempotency_in_progress')) return FULL;
  return isPassing(error) ? messageOf(error) : null;
}

/** The reason why a rewrite ended without a result. */
export function reasonFor(error: unknown): string {
  if (isCode(error, 'text_changed') || isStatus(error, 412)) return LOST;
  if (isCode(error, 'generation_in_progress')) return BEING_WRITTEN;
  const isOurs = error instanceof Error && error.constructor === Error;
  return isOurs ? error.message : messageOf(error);
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}
