import { Component, type ReactNode } from 'react';

import { Button } from './Button';
import { Logo } from './Logo';

/** Catches what no page caught, so that a person never looks at an empty window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <RouteError /> : this.props.children;
  }
}

/** Also what is shown when a part of the app cannot be loaded, as after a new version was put on the server. */
export function RouteError() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div role="alert">
        <Logo className="mx-auto mb-6 size-12" />
        <h1 className="page-title">Something broke on this page</h1>
        <p className="mx-auto mt-3 max-w-md text-muted">
          Loading it again usually helps. What you have saved is safe on the server.
        </p>
        <Button look="primary" className="mt-6" onClick={() => window.location.reload()}>
          Reload the page
        </Button>
      </div>
    </main>
  );
}
