/**
 * The session of this tab: an access token in memory, refreshed with the refresh token in the httpOnly cookie.
 * Concurrent callers that need a new token share one refresh.
 */

import { forgetLogout, isLogoutPending, rememberLogout } from '../lib/drafts';
import { setAccessToken } from './accessToken';
import { ApiError, isStatus } from './errors';
import { send } from './http';
import type { Session } from './types';

const COOKIE_TRANSPORT = { 'X-Auth-Transport': 'cookie' };
const REFRESH_LOCK = 'ai-content-generator:refresh';
const LOGOUT_TIMEOUT_MS = 10_000;
const LOGOUT_RETRY_MS = 15_000;

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
let loggingOut: Promise<void> | null = null;
/** Incremented when a session ends, so that a pending refresh does not restore it. */
let ended = 0;

/** The listener for new sessions; called with null when the session has expired. */
export function onSessionChange(next: SessionListener): () => void {
  listener = next;
  return () => (listener = () => undefined);
}

export function logIn(credentials: Credentials): Promise<Session> {
  return beginNew('/auth/login', credentials);
}

export function register(registration: Registration): Promise<Session> {
  return beginNew('/auth/register', registration);
}

/** Sets a password with the operator's one-time link. */
export function resetPassword(token: string, newPassword: string): Promise<void> {
  return send<undefined>({ method: 'POST', path: '/auth/password/reset', body: { token, newPassword } });
}

/** Ends the session locally at once. Scripts cannot remove the cookie: until the server has, it is not used. */
export async function logOut(): Promise<void> {
  forgetSession();
  rememberLogout();
  await sendLogout();
}

/** Sends a logout that the server has not received yet, now and until it is reachable. Returns a function that stops this. */
export function finishLogout(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const attempt = () => {
    clearTimeout(timer);
    sendLogout().catch(() => {
      if (!isStopped) timer = setTimeout(attempt, LOGOUT_RETRY_MS);
    });
  };
  attempt();
  window.addEventListener('online', attempt);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    window.removeEventListener('online', attempt);
  };
}

function sendLogout(): Promise<void> {
  loggingOut ??= oneTabAtATime(async () => {
    if (!isLogoutPending()) return;
    await authCall('/auth/logout', {}, LOGOUT_TIMEOUT_MS).catch((error: unknown) => {
      if (!isStatus(error, 401)) throw error;
    });
    forgetLogout();
  }).finally(() => (loggingOut = null));
  return loggingOut;
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
    if (isLogoutPending()) throw loggedOut();
    const session = await oneTabAtATime(() => authCall<Session>('/auth/refresh', {}));
    if (ended !== endedBefore) throw loggedOut();
    return begin(session);
  } catch (error) {
    if (isStatus(error, 401) && ended === endedBefore) {
      forgetSession();
      listener(null);
    }
    throw error;
  }
}

function loggedOut(): ApiError {
  return new ApiError('You are logged out.', { status: 401 });
}

/** A pending logout goes first: sent later, it would end the new session. */
async function beginNew(path: string, body: unknown): Promise<Session> {
  await sendLogout().catch(() => undefined);
  const session = await oneTabAtATime(async () => {
    const answer = await authCall<Session>(path, body);
    forgetLogout();
    return answer;
  });
  return begin(session);
}

function begin(session: Session): Session {
  setAccessToken(session.access_token);
  listener(session);
  return session;
}

function authCall<T>(path: string, body: unknown, timeoutMs?: number): Promise<T> {
  return send<T>({ method: 'POST', path, body, headers: COOKIE_TRANSPORT, timeoutMs });
}

/** Each call replaces the cookie, so tabs use a Web Lock where the browser supports it. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(REFRESH_LOCK, work);
}
