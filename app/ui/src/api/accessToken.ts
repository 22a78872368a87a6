/** The access token, stored only in memory, and its expiry. */

const SPENT_MARGIN_MS = 1_000;

let token: string | null = null;
let expiresAt: number | null = null;

export function getAccessToken(): string | null {
  return token;
}

export function setAccessToken(next: string | null): void {
  token = next;
  const lifetime = next === null ? null : lifetimeMs(next);
  // Measured from now by our own clock, since the server's may differ.
  expiresAt = lifetime === null ? null : Date.now() + lifetime;
}

/** Whether the token has expired; false if its expiry is unknown. */
export function isAccessTokenSpent(): boolean {
  return expiresAt !== null && Date.now() > expiresAt - SPENT_MARGIN_MS;
}

/** The lifetime of a JSON Web Token from its claims; null if it cannot be parsed. */
function lifetimeMs(jwt: string): number | null {
  try {
    const payload = jwt.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number; iat?: number };
    return claims.exp && claims.iat ? (claims.exp - claims.iat) * 1000 : null;
  } catch {
    return null;
  }
}
