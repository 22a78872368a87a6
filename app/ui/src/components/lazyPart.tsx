import { lazy, useCallback, useEffect, useState, type ComponentType } from 'react';

import { reportLoadedPart } from '../lib/loadedParts';
import { loadPart } from '../lib/loadPart';
import { PartFailed } from './PartFailed';

interface Part<P> {
  default: ComponentType<P>;
}

interface FallbackProps<P> {
  props: P;
  isTrying: boolean;
  onRetry: () => void;
}

/**
 * A component that is a file of its own. Where the file cannot be loaded, the rest of the page goes on: in the part's place
 * stands `Fallback`, from which it can be tried again, and it is tried again by itself when the network comes back.
 * While it is loaded, the `PartsBoundary` around it shows something else.
 */
export function lazyPart<P extends object>(load: () => Promise<Part<P>>, Fallback: ComponentType<FallbackProps<P>> = PartFailed) {
  let loaded: ComponentType<P> | null = null;
  const loadOnce = async () => {
    const part = await loadPart(load);
    loaded = part.default;
    return part;
  };

  function Retried(props: P) {
    const [Loaded, setLoaded] = useState(() => loaded);
    const [isTrying, setTrying] = useState(false);
    const retry = useCallback(() => {
      setTrying(true);
      loadOnce()
        .then((part) => setLoaded(() => part.default))
        .catch(() => undefined)
        .finally(() => setTrying(false));
    }, []);
    useEffect(() => {
      window.addEventListener('online', retry);
      return () => window.removeEventListener('online', retry);
    }, [retry]);
    return Loaded ? <Loaded {...props} /> : <Fallback props={props} isTrying={isTrying} onRetry={retry} />;
  }

  const Part = lazy(() => {
    const part = loadOnce().catch(() => ({ default: Retried as ComponentType<P> }));
    // React listens first, so that it has the component when the boundaries are drawn again.
    queueMicrotask(() => void part.then(reportLoadedPart));
    return part;
  });
  return Object.assign(Part, { preload: () => void loadOnce().catch(() => undefined) });
}
