import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';

import { ApiError, messageOf } from '../api/errors';

/**
 * Puts what the server said beside the fields it concerns, and focuses the first of them. Returns what is left to say
 * about the form as a whole, or null.
 */
export function showServerErrors<T extends FieldValues>(
  error: unknown,
  fields: readonly Path<T>[],
  setError: UseFormSetError<T>,
): string | null {
  const said = error instanceof ApiError ? error.fieldErrors : [];
  const placed = fields.filter((field) => {
    const messages = said.filter((each) => each.field === field).map((each) => each.message);
    if (messages.length > 0) setError(field, { type: 'server', message: messages.join(' ') });
    return messages.length > 0;
  });
  focusFirst(placed);
  const others = said.filter((each) => !fields.includes(each.field as Path<T>));
  if (others.length > 0) return others.map((each) => `${each.field}: ${each.message}`).join(' ');
  return placed.length > 0 ? null : messageOf(error);
}

function focusFirst(fields: string[]): void {
  const first = fields[0];
  if (first === undefined) return;
  // After the form has been drawn again: its fields are disabled by nobody, but their messages are new.
  requestAnimationFrame(() => document.getElementsByName(first)[0]?.focus());
}
