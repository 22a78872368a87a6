import { useCallback, useSyncExternalStore } from 'react';

/** Wide enough for a panel beside the text. */
const WIDE = '(width >= 1200px)';
/** Wide enough for a row of buttons. */
const ROOMY = '(width >= 640px)';

export function useWide(): boolean {
  return useMedia(WIDE);
}

export function useRoomy(): boolean {
  return useMedia(ROOMY);
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = mediaOf(query);
      media?.addEventListener('change', listener);
      return () => media?.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => mediaOf(query)?.matches ?? true);
}

function mediaOf(query: string): MediaQueryList | null {
  return (window as Partial<Window>).matchMedia?.(query) ?? null;
}
