/** Counts the lazy chunks that have been loaded, for those who wait for one. */

const listeners = new Set<() => void>();
let count = 0;

export function loadedParts(): number {
  return count;
}

export function onLoadedPart(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function reportLoadedPart(): void {
  count += 1;
  for (const listener of listeners) listener();
}
