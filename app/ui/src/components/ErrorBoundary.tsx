import { Component, type ReactElement, type ReactNode } from 'react';

import { Button } from './Button';
import { Logo } from './Logo';

interface ErrorBoundaryProps {
  children: ReactNode;
  /** What is shown instead of what broke. */
  fallback?: ReactElement;
}

/** Keeps what breaks while it is drawn from taking the rest with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? (this.props.fallback ?? <RouteError />) : this.props.children;
  }
}

/** Shown where nothing else is left, so that a person never looks at an empty window. */
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

/** In the place of a page that broke, inside the frame. */
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
