import { createContext, useContext } from 'react';

import type { Credentials, Registration } from '../api/session';
import type { User } from '../api/types';

/** How a session ended: by the person, or by itself (then the place is remembered for after the next login). */
export type EndOfSession = 'none' | 'logout' | 'expired' | 'deleted';

export type AuthState =
  | { status: 'restoring' }
  | { status: 'unreachable' }
  /** `keepsText`: what was being written when the session ended is kept on this device. */
  | { status: 'anonymous'; ended: EndOfSession; keepsText?: boolean }
  | { status: 'authenticated'; user: User };

export interface Auth {
  state: AuthState;
  logIn: (credentials: Credentials) => Promise<void>;
  register: (registration: Registration) => Promise<void>;
  logOut: () => Promise<void>;
  /** Leaves, after the account was deleted on the server; nothing of it stays on this device. */
  forgetAccount: () => void;
  /** Shows the person as the server knows them now, after their profile was changed. */
  learn: (user: User) => void;
  /** Tries again to find out who is logged in, after the server was unreachable. */
  restore: () => void;
}

export const AuthContext = createContext<Auth | null>(null);

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth needs an AuthProvider');
  return auth;
}

/** The person who is logged in; only for pages that nobody else reaches. */
export function useUser(): User {
  const { state } = useAuth();
  if (state.status !== 'authenticated') throw new Error('useUser needs a person who is logged in');
  return state.user;
}
