import { useEffect, useState } from 'react';

import { serverNow } from '../lib/serverClock';

/** The time by the server's clock, updated every `every` milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
