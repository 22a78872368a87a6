import { Component, type ReactElement, type ReactNode } from 'react';

import { Button } from './Button';
import { Logo } from './Logo';

interface ErrorBoundaryProps {
  children: ReactNode;
  /** Shown instead of the children after an error. */
  fallback?: ReactElement;
}

/** Contains rendering errors, so that the rest of the page keeps working. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? (this.props.fallback ?? <RouteError />) : this.props.children;
  }
}

/** The last resort: shown instead of a blank window. */
export function RouteError() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <Logo className="mx-auto mb-6 size-12" />
        <Broken />
      </div>
    </main>
  );
}

/** Shown inside the layout instead of a page that failed to render. */
export function PageError() {
  return (
    <div className="py-16 text-center">
      <Broken />
    </div>
  );
}

function Broken() {
  return (
    <div role="alert">
      <h1 className="page-title">Something broke on this page</h1>
      <p className="mx-auto mt-3 max-w-md text-muted">
        Loading it again usually helps. What you saved is safe on the server, and what you typed is kept on this device.
      </p>
      <Button look="primary" className="mt-6" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </div>
  );
}
