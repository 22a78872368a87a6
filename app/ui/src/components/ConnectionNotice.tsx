import { useEffect, useState } from 'react';

import { useLiveness } from '../contexts/live';
import { useOnline } from '../hooks/useOnline';

const SHORT_CUT_MS = 2_000;

/** Says that live updates are off. Short interruptions, such as a laptop waking up, are not reported. */
export function ConnectionNotice() {
  const isDown = useLiveness() === 'down';
  // While offline, the offline banner is shown instead.
  const isOnline = useOnline();
  const lasts = useLasting(isDown && isOnline, SHORT_CUT_MS);

  return (
    <div role="status" className="pointer-events-none fixed bottom-20 left-4 z-30 max-w-[calc(100%-2rem)] lg:bottom-4 lg:left-62">
      {lasts && (
        <p className="notice flex items-center gap-2 rounded-full border border-line bg-raised px-4 py-2 text-sm text-muted shadow-md">
          <span className="size-2 shrink-0 rounded-full bg-waiting" />
          <span>Live updates are off. Checking every few seconds.</span>
        </p>
      )}
    </div>
  );
}

/** Whether `condition` has held for at least `duration` milliseconds. */
function useLasting(condition: boolean, duration: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setLasts(true), duration);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [condition, duration]);
  return condition && lasts;
}
