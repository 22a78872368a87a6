import { getAccessToken, isAccessTokenSpent } from './accessToken';
import { isStatus } from './errors';
import { send, type Call } from './http';
import { refreshSession } from './session';

/**
 * A request as the person who is logged in. Where the server says that the access token has expired, it is renewed once
 * for everybody who waits for it, and the request is repeated once.
 */
export async function request<T>(call: Call): Promise<T> {
  if (isAccessTokenSpent()) await refreshSession();
  const used = getAccessToken();
  try {
    return await sendAs<T>(used, call);
  } catch (error) {
    if (!isStatus(error, 401)) throw error;
    // Another request may have renewed the token while this one was under way.
    if (getAccessToken() === used) await refreshSession();
    return sendAs<T>(getAccessToken(), call);
  }
}

function sendAs<T>(token: string | null, call: Call): Promise<T> {
  return send<T>({ ...call, headers: { ...call.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
}
