import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider, type RouteObject } from 'react-router';

import { createQueryClient } from '../api/contentCache';
import { AuthContext, type Auth } from '../contexts/auth';
import { LiveContext, type Liveness } from '../contexts/live';
import { ada } from './examples';

interface Surroundings {
  at?: string;
  state?: unknown;
  path?: string;
  liveness?: Liveness;
  auth?: Partial<Auth>;
}

const loggedIn: Auth = {
  state: { status: 'authenticated', user: ada },
  logIn: () => Promise.resolve(),
  register: () => Promise.resolve(),
  logOut: () => Promise.resolve(),
  learn: () => undefined,
  forgetAccount: () => undefined,
  restore: () => undefined,
};

/** Shows an element at an address, with the person, the connection and the cache that pages have around them. */
export function renderPage(element: ReactNode, { at = '/', state, path = '*', liveness = 'live', auth }: Surroundings = {}) {
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { retry: false } });
  const routes: RouteObject[] = [
    { path, element },
    { path: '*', element: <p>another page</p> },
  ];
  const router = createMemoryRouter(path === '*' ? routes.slice(0, 1) : routes, { initialEntries: [{ ...splitAddress(at), state }] });
  const view = render(
    <QueryClientProvider client={queries}>
      <AuthContext value={{ ...loggedIn, ...auth }}>
        <LiveContext value={liveness}>
          <RouterProvider router={router} />
        </LiveContext>
      </AuthContext>
    </QueryClientProvider>,
  );
  return { ...view, queries, router };
}

function splitAddress(address: string) {
  const { pathname, search } = new URL(address, 'http://app.test');
  return { pathname, search };
}
