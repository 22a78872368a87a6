import { useState } from 'react';

import { messageOf } from '../api/errors';

interface Action<T> {
  run: (what: T) => Promise<void>;
  /** The subject of the running action; null if none is running. */
  running: T | null;
  /** The error of the last run. */
  problem: string | null;
}

/** The state of an action on the server: whether it is running, and its last error. */
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
