import { useSyncExternalStore } from 'react';

/** Room for a panel beside the text. */
const WIDE = '(width >= 1200px)';

export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => query()?.matches ?? true);
}

function query(): MediaQueryList | null {
  return (window as Partial<Window>).matchMedia?.(WIDE) ?? null;
}

function subscribe(listener: () => void): () => void {
  const media = query();
  media?.addEventListener('change', listener);
  return () => media?.removeEventListener('change', listener);
}
