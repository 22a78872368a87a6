import { lazy, Suspense } from 'react';
import { createBrowserRouter, Navigate, Outlet, ScrollRestoration } from 'react-router';

import { AnonymousOnly } from './components/AnonymousOnly';
import { RouteError } from './components/ErrorBoundary';
import { Loader } from './components/Loader';

const MembersOnly = lazy(() => import('./components/MembersOnly'));
const Login = lazy(() => import('./pages/Login'));
const Register = lazy(() => import('./pages/Register'));
const ContentList = lazy(() => import('./pages/ContentList'));
const ContentCreate = lazy(() => import('./pages/ContentCreate'));
const ContentDetail = lazy(() => import('./pages/ContentDetail'));
const NotFound = lazy(() => import('./pages/NotFound'));

export function createRouter() {
  return createBrowserRouter([
    {
      element: (
        <>
          <ScrollRestoration />
          <Suspense fallback={<Loader />}>
            <Outlet />
          </Suspense>
        </>
      ),
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
            { path: '/contents', element: <ContentList /> },
            { path: '/contents/new', element: <ContentCreate /> },
            { path: '/contents/:id', element: <ContentDetail /> },
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}
