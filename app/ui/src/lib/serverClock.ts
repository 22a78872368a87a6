/**
 * What time the server thinks it is. A countdown to a time of the server must not depend on this computer's clock,
 * which may be minutes off. The `Date` header has whole seconds, so small differences are left alone.
 */

const TRUSTED_DIFFERENCE_MS = 2_000;

let offsetMs = 0;

/** Learns from one answer: its `Date` header, and when it was asked for and received by our own clock. */
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
