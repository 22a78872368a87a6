import { useEffect } from 'react';
import { useBlocker } from 'react-router';

interface UnsavedGuard {
  /** The person is about to go to another page of the app. */
  isAsking: boolean;
  leave: () => void;
  stay: () => void;
}

/** While there is something unsaved, asks before the page is left: with our own question in the app, else with the browser's. */
export function useUnsavedGuard(hasUnsaved: boolean): UnsavedGuard {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => hasUnsaved && currentLocation.pathname !== nextLocation.pathname,
  );

  useEffect(() => {
    if (!hasUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [hasUnsaved]);

  return {
    isAsking: blocker.state === 'blocked',
    leave: () => blocker.proceed?.(),
    stay: () => blocker.reset?.(),
  };
}
