import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';

import { ApiError, messageOf } from '../api/errors';

/** What the server says at more length than a form has room for. */
const SHORTER: Record<string, string | undefined> = {
  'Is too easy to guess - please choose a less common password.': 'This password is too common.',
};

/** Puts what the server said beside the fields it concerns. Returns what is left to say about the form as a whole, or null. */
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

/** A field of a brief is named by its path, "brief.words" or "brief.keywords.2"; in the form it stands among the others. */
function fieldNamed(path: string): string {
  const [first = '', second] = path.split('.');
  return first === 'brief' && second !== undefined ? second : first;
}
