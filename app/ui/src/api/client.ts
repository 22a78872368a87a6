import { getAccessToken, isAccessTokenSpent } from './accessToken';
import { isStatus } from './errors';
import { send, type Call } from './http';
import { refreshSession } from './session';

/** A request as the person who is logged in, whose answer is JSON. */
export function request<T>(call: Call): Promise<T> {
  return asPerson((headers) => send<T>({ ...call, headers: { ...call.headers, ...headers } }));
}

/**
 * Something that is asked as the person who is logged in. Where the server says that the access token has expired, it is renewed
 * once for everybody who waits for it, and the request is repeated once.
 */
export async function asPerson<T>(ask: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  if (isAccessTokenSpent()) await refreshSession();
  const used = getAccessToken();
  try {
    return await ask(headersOf(used));
  } catch (error) {
    if (!isStatus(error, 401)) throw error;
    // Another request may have renewed the token while this one was under way.
    if (getAccessToken() === used) await refreshSession();
    return ask(headersOf(getAccessToken()));
  }
}

function headersOf(token: string | null): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}
