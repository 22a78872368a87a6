const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** A duration in words: "20 seconds", "4 minutes", "2 hours". */
export function durationSaid(milliseconds: number): string {
  if (milliseconds < MINUTE_MS) return counted(Math.max(5, Math.ceil(milliseconds / 5_000) * 5), 'second');
  const minutes = Math.round(milliseconds / MINUTE_MS);
  return minutes < 2 * HOUR_MINUTES ? counted(minutes, 'minute') : counted(Math.round(minutes / HOUR_MINUTES), 'hour');
}

function counted(count: number, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
