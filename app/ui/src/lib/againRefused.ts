import { ApiError, messageOf } from '../api/errors';

/** Why a text cannot be written again now, and when it can. */
export function againRefused(error: unknown): string {
  if (error instanceof ApiError && error.code === 'queue_full') return 'Too many of your texts are waiting. Try again when one of them is done.';
  return messageOf(error);
}
