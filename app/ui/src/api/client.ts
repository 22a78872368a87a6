import { getAccessToken, isAccessTokenSpent } from './accessToken';
import { isStatus } from './errors';
import { send, type Call } from './http';
import { refreshSession } from './session';

/** Sends an authenticated request and returns the JSON data of the response. */
export function request<T>(call: Call): Promise<T> {
  return asPerson((headers) => send<T>({ ...call, headers: { ...call.headers, ...headers } }));
}

/**
 * Runs an authenticated request. If the server reports that the access token has expired, it is refreshed
 * once for all concurrent requests, and the request is retried once.
 */
export async function asPerson<T>(ask: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  if (isAccessTokenSpent()) await refreshSession();
  const used = getAccessToken();
  try {
    return await ask(headersOf(used));
  } catch (error) {
    if (!isStatus(error, 401)) throw error;
    // Another request may have refreshed the token in the meantime.
    if (getAccessToken() === used) await refreshSession();
    return ask(headersOf(getAccessToken()));
  }
}

function headersOf(token: string | null): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}
