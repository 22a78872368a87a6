import { Navigate, Outlet } from 'react-router';

import { useAuth } from '../contexts/auth';
import { useReturnPlace } from '../hooks/useReturnPlace';
import { Loader } from './Loader';
import { PartsBoundary } from './PartsBoundary';
import { Unreachable } from './Unreachable';

/** Wraps login and registration: redirects authenticated users to the page they requested. */
export function AnonymousOnly() {
  const { state } = useAuth();
  const { place } = useReturnPlace();
  if (state.status === 'restoring') return <Loader label="Checking your session" />;
  if (state.status === 'unreachable') return <Unreachable />;
  if (state.status === 'authenticated') return <Navigate to={place} replace />;
  return (
    <PartsBoundary fallback={<Loader />}>
      <Outlet />
    </PartsBoundary>
  );
}
