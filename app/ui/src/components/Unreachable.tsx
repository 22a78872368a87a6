import { useEffect } from 'react';

import { useAuth } from '../contexts/auth';
import { useDocumentTitle } from '../hooks/useDocumentTitle';
import { Button } from './Button';
import { Logo } from './Logo';

/** The server did not answer when the page was opened. */
export function Unreachable() {
  const { restore } = useAuth();
  useDocumentTitle('No connection');

  useEffect(() => {
    window.addEventListener('online', restore);
    return () => window.removeEventListener('online', restore);
  }, [restore]);

  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <Logo className="mx-auto mb-6 size-12" />
        <h1 className="page-title">The server does not answer</h1>
        <p role="alert" className="mx-auto mt-3 max-w-md text-muted">
          It may be restarting, or your connection may be interrupted. Nothing that you wrote is lost.
        </p>
        <Button look="primary" className="mt-6" onClick={restore}>
          Try again
        </Button>
      </div>
    </main>
  );
}
