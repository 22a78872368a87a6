import { useCallback, useEffect, useRef, useState } from 'react';

/** Space below the last line, so that fixed bars at the bottom do not cover it. */
const MARGIN = 112;

/**
 * Keeps the end of a growing text in view until the reader scrolls up; then the page does not scroll until
 * they return to the end. `end` is a ref for an element after the text; `grown` is any value that changes with the text.
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

/** How far the end is below the window, in pixels. */
function overhang(end: Element | null): number {
  return end === null ? 0 : end.getBoundingClientRect().bottom + MARGIN - window.innerHeight;
}

function scrollDown(end: Element | null): void {
  const below = overhang(end);
  if (below > 0) window.scrollBy(0, below);
}
