import { useEffect } from 'react';
import { useBlocker } from 'react-router';

interface UnsavedGuard {
  /** The user is navigating to another page of the app. */
  isAsking: boolean;
  leave: () => void;
  stay: () => void;
}

/** Asks before leaving a page with unsaved changes: with a dialog inside the app, otherwise with the browser's prompt. */
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
