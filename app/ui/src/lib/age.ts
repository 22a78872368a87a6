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
const exact = timeFormat({ dateStyle: 'medium', timeStyle: 'short' });
const clockTime = timeFormat({ timeStyle: 'short' });
const dayAndTime = timeFormat({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const LONGEST_COUNTDOWN_SECONDS = 3_600;

/** A format for times in the person's own locale. */
export function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(navigator.languages, options);
  } catch {
    // Some browsers report names that are no language tags, for example "en-US@posix".
    return new Intl.DateTimeFormat(undefined, options);
  }
}

/** The time from `time` (ISO 8601) to `now` (milliseconds) in words: "3 hours ago". */
export function ageOf(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return 'just now';
}

/** "Nov 22, 2026, 6:16 PM", in the person's own locale and time zone. */
export function exactTime(time: string): string {
  return exact.format(new Date(time));
}

/** "6:16 PM"; with the date if it is not today. `time` is in ISO 8601 or in milliseconds. */
export function timeOfDay(time: string | number): string {
  const date = new Date(time);
  return (isToday(date) ? clockTime : dayAndTime).format(date);
}

/** Whether a wait is short enough for a countdown. Otherwise, `timeOfDay` says when it ends. */
export function isCountedDown(seconds: number): boolean {
  return seconds <= LONGEST_COUNTDOWN_SECONDS;
}

function isToday(date: Date): boolean {
  return date.toDateString() === new Date().toDateString();
}

/** Seconds as minutes and seconds: 0:07, 1:00. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
