import { useCallback, useEffect, useRef, useState } from 'react';

/** Room below the last line: what is fixed to the window's lower edge must not cover it. */
const MARGIN = 112;

/**
 * Keeps the end of a growing text in sight, until the reader scrolls up; from then on nothing moves under their eyes before
 * they are back at the end. `end` goes to an element after the text, and `grown` is anything that changes with it.
 */
export function useFollowScroll(isActive: boolean, grown: unknown) {
  const end = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);

  useEffect(() => {
    if (!isActive) return;
    let last = window.scrollY;
    const listen = () => {
      const isUp = window.scrollY < last - 1;
      last = window.scrollY;
      if (isUp) setFollowing(false);
      else if (overhang(end.current) <= 0) setFollowing(true);
    };
    window.addEventListener('scroll', listen, { passive: true });
    return () => window.removeEventListener('scroll', listen);
  }, [isActive]);

  useEffect(() => {
    if (isActive && isFollowing) scrollDown(end.current);
  }, [isActive, isFollowing, grown]);

  const follow = useCallback(() => setFollowing(true), []);
  return { end, isFollowing, follow };
}

/** By how much the end is below the window. */
function overhang(end: Element | null): number {
  return end === null ? 0 : end.getBoundingClientRect().bottom + MARGIN - window.innerHeight;
}

function scrollDown(end: Element | null): void {
  const below = overhang(end);
  if (below > 0) window.scrollBy(0, below);
}
