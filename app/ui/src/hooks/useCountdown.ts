import { useEffect, useState } from 'react';

import { serverNow } from '../lib/serverClock';

/** Returns whole seconds until `due` (milliseconds by the server's clock), rounded up; 0 afterwards. */
export function useCountdown(due: number): number {
  const [seconds, setSeconds] = useState(() => secondsUntil(due));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setSeconds(secondsUntil(due));
      const left = due - serverNow();
      // The timer fires when the displayed number changes.
      if (left > 0) timer = setTimeout(tick, left % 1000 || 1000);
    };
    tick();
    return () => clearTimeout(timer);
  }, [due]);

  return seconds;
}

function secondsUntil(due: number): number {
  return Math.max(0, Math.ceil((due - serverNow()) / 1000));
}
