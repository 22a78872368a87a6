import { Suspense, useEffect } from 'react';
import { createBrowserRouter, Navigate, Outlet, ScrollRestoration } from 'react-router';

import { AnonymousOnly } from './components/AnonymousOnly';
import { PageError, RouteError } from './components/ErrorBoundary';
import { lazyPart } from './components/lazyPart';
import { Loader } from './components/Loader';

const MembersOnly = lazyPart(() => import('./components/MembersOnly'));
const Login = lazyPart(() => import('./pages/Login'));
const Register = lazyPart(() => import('./pages/Register'));
const ContentList = lazyPart(() => import('./pages/ContentList'));
const ContentCreate = lazyPart(() => import('./pages/ContentCreate'));
const ContentDetail = lazyPart(() => import('./pages/ContentDetail'));
const NotFound = lazyPart(() => import('./pages/NotFound'));

const PARTS = [Login, MembersOnly, ContentList, ContentCreate, ContentDetail];
const QUIET_MS = 3_000;

export function createRouter() {
  return createBrowserRouter([
    {
      element: <Root />,
      errorElement: <RouteError />,
      children: [
        { path: '/', element: <Navigate to="/contents" replace /> },
        {
          element: <AnonymousOnly />,
          children: [
            { path: '/login', element: <Login /> },
            { path: '/register', element: <Register /> },
          ],
        },
        {
          element: <MembersOnly />,
          children: [
            {
              // A page that breaks leaves the navigation and the way out where they are.
              errorElement: <PageError />,
              children: [
                { path: '/contents', element: <ContentList /> },
                { path: '/contents/new', element: <ContentCreate /> },
                { path: '/contents/:id', element: <ContentDetail /> },
              ],
            },
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}

function Root() {
  usePreloadedPages();
  return (
    <>
      <ScrollRestoration />
      <Suspense fallback={<Loader />}>
        <Outlet />
      </Suspense>
    </>
  );
}

/** Once the first page is at rest the others are fetched, so that a release or a lost network does not take them away. */
function usePreloadedPages(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const part of PARTS) part.preload();
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
}
