/** Times in words. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** The time from `time` (ISO 8601) to `now` (milliseconds) in words: "3 hours ago". */
export function ageOf(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return 'just now';
}

/** "Nov 22, 2026, 6:16 PM", in the person's own time zone. */
export function exactTime(time: string): string {
  return exact.format(new Date(time));
}

const clockTime = new Intl.DateTimeFormat('en', { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });

/** "6:16 PM"; with the date if it is not today. */
export function timeOfDay(time: string): string {
  const date = new Date(time);
  return (date.toDateString() === new Date().toDateString() ? clockTime : dayAndTime).format(date);
}

/** Seconds as minutes and seconds: 0:07, 1:00. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
