import { useRef, useState } from 'react';

/** Runs one thing at a time. `alone` does nothing while another runs; `afterwards` waits until none does. */
export function useTurns<T>() {
  const [busy, setBusy] = useState<T | null>(null);
  const running = useRef<Promise<unknown>>(null);

  const alone = async <R>(what: T, run: () => Promise<R>): Promise<R | null> => {
    if (running.current) return null;
    setBusy(what);
    const result = run().finally(() => {
      running.current = null;
      setBusy(null);
    });
    running.current = result;
    return result;
  };
  const afterwards = async (run: () => Promise<unknown>): Promise<void> => {
    while (running.current) await running.current.catch(() => undefined);
    await run();
  };
  return { busy, alone, afterwards };
}
