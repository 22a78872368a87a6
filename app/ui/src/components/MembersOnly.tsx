import { Navigate, Outlet, useLocation } from 'react-router';

import { useAuth } from '../contexts/auth';
import type { ReturnState } from '../hooks/useReturnPlace';
import { Loader } from './Loader';
import { MembersFrame } from './MembersFrame';
import { PartsBoundary } from './PartsBoundary';
import { Unreachable } from './Unreachable';

/** Wraps pages that require a login; others are redirected to the login and back. */
export default function MembersOnly() {
  const { state } = useAuth();
  const { pathname, search } = useLocation();
  if (state.status === 'restoring') return <Loader label="Checking your session" />;
  if (state.status === 'unreachable') return <Unreachable />;
  if (state.status === 'anonymous') {
    const remembered: ReturnState = { from: { pathname, search }, expired: state.ended === 'expired', keepsText: state.keepsText };
    const left: ReturnState = state.ended === 'deleted' ? { deleted: true } : { loggedOut: true };
    return <Navigate to="/login" replace state={state.ended === 'logout' || state.ended === 'deleted' ? left : remembered} />;
  }
  return (
    <MembersFrame>
      <PartsBoundary fallback={<Loader />}>
        <Outlet />
      </PartsBoundary>
    </MembersFrame>
  );
}
