/** The access token, in memory alone, with what can be known about its age. */

const SPENT_MARGIN_MS = 1_000;

let token: string | null = null;
let expiresAt: number | null = null;

export function getAccessToken(): string | null {
  return token;
}

export function setAccessToken(next: string | null): void {
  token = next;
  const lifetime = next === null ? null : lifetimeMs(next);
  // Counted from now by our own clock: the server's may differ.
  expiresAt = lifetime === null ? null : Date.now() + lifetime;
}

/** Whether the token is known to be too old; false where its age cannot be read. */
export function isAccessTokenSpent(): boolean {
  return expiresAt !== null && Date.now() > expiresAt - SPENT_MARGIN_MS;
}

/** How long a JSON Web Token lives, from its own claims; null for anything else. */
function lifetimeMs(jwt: string): number | null {
  try {
    const payload = jwt.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number; iat?: number };
    return claims.exp && claims.iat ? (claims.exp - claims.iat) * 1000 : null;
  } catch {
    return null;
  }
}
