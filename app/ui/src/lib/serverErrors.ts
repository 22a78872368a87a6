import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';

import { ApiError, messageOf } from '../api/errors';

/** Shorter versions of server messages that are too long for a form. */
const SHORTER: Record<string, string | undefined> = {
  'Is too easy to guess - please choose a less common password.': 'This password is too common.',
};

/** Assigns the server's errors to their fields. Returns the remaining message for the whole form, or null. */
export function showServerErrors<T extends FieldValues>(
  error: unknown,
  fields: readonly Path<T>[],
  setError: UseFormSetError<T>,
): string | null {
  const said = error instanceof ApiError ? error.fieldErrors : [];
  const placed = fields.filter((field) => {
    const messages = said.filter((each) => fieldNamed(each.field) === field).map((each) => SHORTER[each.message] ?? each.message);
    if (messages.length > 0) setError(field, { type: 'server', message: messages.join(' ') });
    return messages.length > 0;
  });
  const others = said.filter((each) => !fields.includes(fieldNamed(each.field) as Path<T>));
  if (others.length > 0) return others.map((each) => `${each.field}: ${each.message}`).join(' ');
  return placed.length > 0 ? null : messageOf(error);
}

/** Maps a brief's path, such as "brief.words" or "brief.keywords.2", to the form's field. */
function fieldNamed(path: string): string {
  const [first = '', second] = path.split('.');
  return first === 'brief' && second !== undefined ? second : first;
}
