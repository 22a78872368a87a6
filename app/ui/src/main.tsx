import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type Component } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';

import { createQueryClient } from './api/contentCache';
import { ErrorBoundary } from './components/ErrorBoundary';
import { AuthProvider } from './contexts/AuthProvider';
import './index.css';
import { applyRememberedAppearance } from './lib/appearance';
import { forgetOld } from './lib/drafts';
import { claimTabId } from './lib/tabId';
import { createRouter } from './routes';

interface ErrorInfo {
  errorBoundary?: Component<unknown> | null;
}

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

applyRememberedAppearance();
void claimTabId();
forgetOld();
// Not needed for the first view.
void import('./lib/keptFocus').then(({ keepFocus }) => keepFocus());

/** What a boundary stands ready for is no fault; everything else is reported as if nobody had caught it. */
function onCaughtError(error: unknown, { errorBoundary }: ErrorInfo): void {
  const isExpected = errorBoundary instanceof ErrorBoundary && errorBoundary.props.fallback !== undefined;
  if (!isExpected) reportError(error);
}

createRoot(root, { onCaughtError }).render(
  <StrictMode>
    <ErrorBoundary>
      <QueryClientProvider client={createQueryClient()}>
        <AuthProvider>
          <RouterProvider router={createRouter()} />
        </AuthProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  </StrictMode>,
);
