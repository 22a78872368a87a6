import { createContext, useContext } from 'react';

import type { Credentials, Registration } from '../api/session';
import type { User } from '../api/types';

/** How a session ended: by a logout, or by expiry (then the location is restored after the next login). */
export type EndOfSession = 'none' | 'logout' | 'expired' | 'deleted';

export type AuthState =
  | { status: 'restoring' }
  | { status: 'unreachable' }
  /** `keepsText`: keeps unsaved text on this device. */
  | { status: 'anonymous'; ended: EndOfSession; keepsText?: boolean }
  | { status: 'authenticated'; user: User };

export interface Auth {
  state: AuthState;
  logIn: (credentials: Credentials) => Promise<void>;
  register: (registration: Registration) => Promise<void>;
  logOut: () => Promise<void>;
  /** Clears the session and all local data after the account was deleted on the server. */
  forgetAccount: () => void;
  /** Updates the user after a profile change. */
  learn: (user: User) => void;
  /** Retries restoring the session after the server was unreachable. */
  restore: () => void;
}

export const AuthContext = createContext<Auth | null>(null);

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth needs an AuthProvider');
  return auth;
}

/** Returns the authenticated user; only for pages that require a login. */
export function useUser(): User {
  const { state } = useAuth();
  if (state.status !== 'authenticated') throw new Error('useUser needs a person who is logged in');
  return state.user;
}
