import { Suspense } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';

import { useAuth } from '../contexts/auth';
import { NoticesProvider } from '../contexts/NoticesProvider';
import { SocketProvider } from '../contexts/SocketProvider';
import type { ReturnState } from '../hooks/useReturnPlace';
import { Layout } from './Layout';
import { Loader } from './Loader';
import { Unreachable } from './Unreachable';

/** The pages for who is logged in. Who is not is led to the login, and from there back to here. */
export default function MembersOnly() {
  const { state } = useAuth();
  const { pathname, search } = useLocation();
  if (state.status === 'restoring') return <Loader label="Looking for your session" />;
  if (state.status === 'unreachable') return <Unreachable />;
  if (state.status === 'anonymous') {
    const remembered: ReturnState = { from: { pathname, search }, expired: state.ended === 'expired' };
    return <Navigate to="/login" replace state={state.ended === 'logout' ? null : remembered} />;
  }
  return (
    <NoticesProvider>
      <SocketProvider key={state.user.id}>
        <Layout>
          <Suspense fallback={<Loader />}>
            <Outlet />
          </Suspense>
        </Layout>
      </SocketProvider>
    </NoticesProvider>
  );
}
