/**
 * The session of this tab: an access token in memory, refreshed with the refresh token in the httpOnly cookie.
 * Concurrent callers that need a new token share one refresh.
 */

import { setAccessToken } from './accessToken';
import { ApiError, isStatus } from './errors';
import { send } from './http';
import type { Session } from './types';

const COOKIE_TRANSPORT = { 'X-Auth-Transport': 'cookie' };
const REFRESH_LOCK = 'ai-content-generator:refresh';

export interface Registration {
  email: string;
  password: string;
  firstName: string;
  lastName: string;
}

export interface Credentials {
  email: string;
  password: string;
}

type SessionListener = (session: Session | null) => void;

let listener: SessionListener = () => undefined;
let refreshing: Promise<Session> | null = null;
/** Incremented when a session ends, so that a pending refresh does not restore it. */
let ended = 0;

/** The listener for new sessions; called with null when the session has expired. */
export function onSessionChange(next: SessionListener): () => void {
  listener = next;
  return () => (listener = () => undefined);
}

export async function logIn(credentials: Credentials): Promise<Session> {
  return begin(await authCall<Session>('/auth/login', credentials));
}

export async function register(registration: Registration): Promise<Session> {
  return begin(await authCall<Session>('/auth/register', registration));
}

/** Sets a password with the operator's one-time link. */
export function resetPassword(token: string, newPassword: string): Promise<void> {
  return send<undefined>({ method: 'POST', path: '/auth/password/reset', body: { token, newPassword } });
}

/** Ends the session locally at once, and on the server if it is reachable. */
export async function logOut(): Promise<void> {
  forgetSession();
  await authCall('/auth/logout', {});
}

/** Discards this tab's token after another tab has logged out on the server. */
export function forgetSession(): void {
  ended += 1;
  setAccessToken(null);
}

/** Returns a new access token. Throws ApiError 401, and ends the local session, if there is none to refresh. */
export function refreshSession(): Promise<Session> {
  refreshing ??= refreshOnce().finally(() => (refreshing = null));
  return refreshing;
}

async function refreshOnce(): Promise<Session> {
  const endedBefore = ended;
  try {
    const session = await oneTabAtATime(() => authCall<Session>('/auth/refresh', {}));
    if (ended !== endedBefore) throw new ApiError('You are logged out.', { status: 401 });
    return begin(session);
  } catch (error) {
    if (isStatus(error, 401) && ended === endedBefore) {
      forgetSession();
      listener(null);
    }
    throw error;
  }
}

function begin(session: Session): Session {
  setAccessToken(session.access_token);
  listener(session);
  return session;
}

function authCall<T>(path: string, body: unknown): Promise<T> {
  return send<T>({ method: 'POST', path, body, headers: COOKIE_TRANSPORT });
}

/** Each refresh replaces the cookie, so tabs use a Web Lock where the browser supports it. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(REFRESH_LOCK, work);
}
