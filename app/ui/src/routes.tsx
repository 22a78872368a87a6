import { useEffect } from 'react';
import { createBrowserRouter, Navigate, Outlet, ScrollRestoration, useLocation, useParams, type RouteObject } from 'react-router';

import { AnonymousOnly } from './components/AnonymousOnly';
import { PageError, RouteError } from './components/ErrorBoundary';
import { lazyPart } from './components/lazyPart';
import { Loader } from './components/Loader';
import { PartsBoundary } from './components/PartsBoundary';
import { useAuth } from './contexts/auth';

const MembersOnly = lazyPart(() => import('./components/MembersOnly'));
const Login = lazyPart(() => import('./pages/Login'));
const Register = lazyPart(() => import('./pages/Register'));
const ContentList = lazyPart(() => import('./pages/ContentList'));
const ContentCreate = lazyPart(() => import('./pages/ContentCreate'));
const ContentDetail = lazyPart(() => import('./pages/ContentDetail'));
const ResetPassword = lazyPart(() => import('./pages/ResetPassword'));
const Settings = lazyPart(() => import('./pages/Settings'));
const Usage = lazyPart(() => import('./pages/Usage'));
const Admin = lazyPart(() => import('./pages/Admin'));
const Templates = lazyPart(() => import('./pages/Templates'));
const TemplateEdit = lazyPart(() => import('./pages/TemplateEdit'));
const TemplateUse = lazyPart(() => import('./pages/TemplateUse'));
const Bulk = lazyPart(() => import('./pages/Bulk'));
const BatchRun = lazyPart(() => import('./pages/BatchRun'));
const Landing = lazyPart(() => import('./pages/Landing'));
const NotFound = lazyPart(() => import('./pages/NotFound'));

const PARTS = [Login, MembersOnly, ContentList, ContentCreate, ContentDetail, Bulk, BatchRun, Templates];
const QUIET_MS = 3_000;

export function createRouter() {
  return createBrowserRouter([
    {
      element: <Root />,
      errorElement: <RouteError />,
      children: [
        { path: '/', element: <Front /> },
        ...shortAddresses(),
        { path: '/reset-password', element: <ResetPassword /> },
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
                { path: '/settings/:section?', element: <Settings /> },
                { path: '/usage', element: <Usage /> },
                { path: '/admin/:section?', element: <Admin /> },
                { path: '/templates', element: <Templates /> },
                { path: '/templates/new', element: <TemplateEdit key="new" /> },
                { path: '/templates/:id', element: <TemplateEdit key="stored" /> },
                { path: '/templates/:id/use', element: <TemplateUse /> },
                { path: '/bulk', element: <Bulk /> },
                { path: '/bulk/:id', element: <BatchRun /> },
              ],
            },
          ],
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}

/** The shorter names of the pages, which people type and link to. */
function shortAddresses(): RouteObject[] {
  return [
    { path: '/new', element: <Redirect to="/contents/new" /> },
    { path: '/library', element: <Redirect to="/contents" /> },
    { path: '/t/:id', element: <Redirect to="/contents/:id" /> },
  ];
}

function Redirect({ to }: { to: string }) {
  const { id = '' } = useParams();
  const { search } = useLocation();
  return <Navigate to={to.replace(':id', encodeURIComponent(id)) + search} replace />;
}

/** Strangers are shown what this is; who is logged in goes on to their texts. */
function Front() {
  const { state } = useAuth();
  if (state.status === 'restoring') return <Loader label="Checking your session" />;
  return state.status === 'anonymous' && state.ended !== 'expired' ? <Landing /> : <Navigate to="/contents" replace />;
}

function Root() {
  usePreloadedPages();
  return (
    <>
      <ScrollRestoration />
      <PartsBoundary fallback={<Loader />}>
        <Outlet />
      </PartsBoundary>
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
