import { useState } from 'react';

import { messageOf } from '../api/errors';

interface Action<T> {
  run: (what: T) => Promise<void>;
  /** What it is being done with; null when nothing is under way. */
  running: T | null;
  /** Why it failed the last time. */
  problem: string | null;
}

/** Something that is done on the server when a button is pressed: whether it is under way, and why it failed. */
export function useAction<T>(work: (what: T) => Promise<void>): Action<T> {
  const [running, setRunning] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (what: T) => {
    setRunning(what);
    setProblem(null);
    try {
      await work(what);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setRunning(null);
    }
  };
  return { run, running, problem };
}
