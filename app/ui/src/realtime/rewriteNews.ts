/** Who waits for a rewrite, and is told at once when the socket says that it has ended. */

const waiting = new Map<string, Set<() => void>>();

/** Calls `tell` for each piece of news about this rewrite, until the returned function is called. */
export function awaitRewrite(id: string, tell: () => void): () => void {
  const listeners = waiting.get(id) ?? new Set();
  waiting.set(id, listeners.add(tell));
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) waiting.delete(id);
  };
}

export function tellOfRewrite(id: string): void {
  for (const tell of [...(waiting.get(id) ?? [])]) tell();
}
