import { useLocation, type Location } from 'react-router';

/** The state that a protected page passes to the login page: the requested location, and the reason. */
export interface ReturnState {
  from?: Pick<Location, 'pathname' | 'search'>;
  expired?: boolean;
  loggedOut?: boolean;
  /** The account was deleted. */
  deleted?: boolean;
  keepsText?: boolean;
}

/** Returns where to go after the login, and the state to pass to the other form. */
export function useReturnPlace(): { place: string; state: ReturnState } {
  const state = ((useLocation().state as ReturnState | null) ?? {});
  const place = state.from ? `${state.from.pathname}${state.from.search}` : '/contents';
  return { place, state };
}
