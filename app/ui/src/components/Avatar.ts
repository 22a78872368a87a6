import type { User } from '../api/types';

/** The look of a person's round sign, with the menu behind it or while that is still being loaded. */
export const AVATAR =
  'grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-strong';

/** The first letters of both names, in any script. */
export function initialsOf({ firstName, lastName }: User): string {
  return [firstName, lastName].map((name) => Array.from(name)[0] ?? '').join('').toLocaleUpperCase();
}
