import { Suspense, useSyncExternalStore, type ReactNode } from 'react';

import { loadedParts, onLoadedPart } from '../lib/loadedParts';

interface Props {
  fallback: ReactNode;
  children: ReactNode;
}

/**
 * Shows `fallback` until every lazy part in `children` is loaded. With `Suspense` alone, React 19 shows at most one part
 * every 300 ms (FALLBACK_THROTTLE_MS in react-dom): a page of three nested parts took almost a second. An update that is
 * not React's own retry is shown at once.
 */
export function PartsBoundary({ fallback, children }: Props) {
  useSyncExternalStore(onLoadedPart, loadedParts);
  return <Suspense fallback={fallback}>{children}</Suspense>;
}
