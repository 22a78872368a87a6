import type { User } from '../api/types';

/** The avatar's CSS classes, for the menu button and for its placeholder while the menu is loading. */
export const AVATAR =
  'grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-strong';

/** The initials of both names, in any script. */
export function initialsOf({ firstName, lastName }: User): string {
  return [firstName, lastName].map((name) => Array.from(name)[0] ?? '').join('').toLocaleUpperCase();
}
