import { useRef, useState } from 'react';

import { messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';

/**
 * Runs one action at a time, and shows its error in a notice. `alone` ignores an action while another is running; `next` and
 * `afterwards` wait for it. An action that was ignored or failed resolves to null. `busy` describes the running one.
 */
export function useTurns<T>() {
  const notices = useNotices();
  const [busy, setBusy] = useState<T | null>(null);
  const running = useRef<Promise<unknown>>(null);

  const alone = async <R>(what: T, run: () => Promise<R>): Promise<R | null> => {
    if (running.current) return null;
    setBusy(what);
    const failed = (error: unknown): null => {
      notices.show({ text: messageOf(error) });
      return null;
    };
    const result = run()
      .catch(failed)
      .finally(() => {
        running.current = null;
        setBusy(null);
      });
    running.current = result;
    return result;
  };
  const afterwards = async <R>(run: () => Promise<R>): Promise<R> => {
    while (running.current) await running.current;
    return run();
  };
  const next = <R>(what: T, run: () => Promise<R>) => afterwards(() => alone(what, run));
  return { busy, alone, next, afterwards };
}
