import { useLocation, type Location } from 'react-router';

/** What a guarded page leaves for the login page: where the person wanted to go, and why they were stopped. */
export interface ReturnState {
  from?: Pick<Location, 'pathname' | 'search'>;
  expired?: boolean;
  loggedOut?: boolean;
  /** The account is gone. */
  deleted?: boolean;
  keepsText?: boolean;
}

/** Where to go after the login, with the state to hand on to the other form. */
export function useReturnPlace(): { place: string; state: ReturnState } {
  const state = ((useLocation().state as ReturnState | null) ?? {});
  const place = state.from ? `${state.from.pathname}${state.from.search}` : '/contents';
  return { place, state };
}
