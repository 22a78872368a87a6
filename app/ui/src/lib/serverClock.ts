/**
 * The server's time. A countdown to a server time must not depend on this computer's clock,
 * which may be minutes off. The `Date` header has whole seconds, so small differences are left alone.
 */

const TRUSTED_DIFFERENCE_MS = 2_000;

let offsetMs = 0;

/** Updates the estimate from a response: its `Date` header, and our times of the request and response. */
export function learnServerTime(dateHeader: string | null, askedAt: number, receivedAt: number): void {
  const serverTime = Date.parse(dateHeader ?? '');
  if (Number.isNaN(serverTime)) return;
  const difference = serverTime + 500 - (askedAt + receivedAt) / 2;
  offsetMs = Math.abs(difference) > TRUSTED_DIFFERENCE_MS ? difference : 0;
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
