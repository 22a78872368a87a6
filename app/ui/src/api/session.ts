/**
 * The session of this tab: one access token in memory, renewed with the refresh token in the httpOnly cookie.
 * Any number of callers that need a new token at the same time share one refresh.
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
/** Counts the ends of sessions, so that a refresh that was under way does not bring an ended one back. */
let ended = 0;

/** Who is told of every new session, and with null when the session has ended by itself. */
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

/** Sets a password with the one-time link that the operator made. */
export function resetPassword(token: string, newPassword: string): Promise<void> {
  return send<undefined>({ method: 'POST', path: '/auth/password/reset', body: { token, newPassword } });
}

/** Ends the session here at once, and on the server where it can be reached. */
export async function logOut(): Promise<void> {
  forgetSession();
  await authCall('/auth/logout', {});
}

/** Forgets this tab's token without telling the server, which another tab has done. */
export function forgetSession(): void {
  ended += 1;
  setAccessToken(null);
}

/** A new access token. Throws ApiError 401 when there is no session to renew; then the session is over here too. */
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

/** Each refresh spends the cookie for the next one: tabs take turns where the browser can say so. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(REFRESH_LOCK, work);
}
