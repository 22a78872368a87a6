/** User-facing failure messages, which do not name the provider and say what helps. */

export interface FailureWords {
  /** What went wrong. */
  reason: string;
  advice: string;
  /** Whether a retry may succeed. */
  canRetry: boolean;
}

const KEY = {
  reason: 'This server isn’t connected to an AI service.',
  advice: 'Ask your administrator to check its key and its model. After that, try again.',
  canRetry: true,
};
const BUSY = { reason: 'The AI service is busy.', advice: 'Try again in a few minutes.', canRetry: true };
const AWAY = { reason: 'The AI service didn’t answer.', advice: 'Trying again in a minute usually helps.', canRetry: true };
const DECLINED = {
  reason: 'The AI service declined this request.',
  advice: 'Reword it: leave out or soften what could be taken as harmful, then try again.',
  canRetry: false,
};
const USELESS = { reason: 'No attempt was good enough.', advice: 'Say more precisely what should be in the text, then try again.', canRetry: true };

const BY_CODE: Record<string, FailureWords | undefined> = {
  invalid_key: KEY,
  not_offered: KEY,
  wrong_model: KEY,
  intercepted: KEY,
  rejected: { ...KEY, reason: 'The AI service did not accept the request.' },
  quota_exceeded: BUSY,
  quota_daily: { ...BUSY, reason: 'The AI service has no requests left for today.', advice: 'Try again tomorrow, or ask your administrator.' },
  timeout: AWAY,
  unavailable: AWAY,
  unreachable: AWAY,
  unreadable: AWAY,
  unfinished: AWAY,
  worker_died: { reason: 'Writing was interrupted.', advice: 'Try again; it starts from the beginning.', canRetry: true },
  blocked: DECLINED,
  recitation: { ...DECLINED, reason: 'The text came too close to somebody else’s.', advice: 'Ask for it in your own words, then try again.' },
  empty: { ...USELESS, reason: 'Nothing came back.' },
  cut_off: { ...USELESS, reason: 'The text broke off before its end.', advice: 'Try again; a shorter text helps, too.' },
  too_short: { ...USELESS, reason: 'The text was much shorter than you asked for.' },
  repetitive: { ...USELESS, reason: 'The text repeated itself.' },
  placeholders: { ...USELESS, reason: 'The text had blanks to fill in.', advice: 'Add the missing facts to your request, then try again.' },
  task_talk: { ...USELESS, reason: 'The answer talked about the task instead of doing it.' },
  language: { ...USELESS, reason: 'The text came in another language.' },
};

/** For old failures without a code, derived from the reason. */
const BY_REASON: [RegExp, string][] = [
  [/api key/i, 'invalid_key'],
  [/quota|rate limit/i, 'quota_exceeded'],
  [/safety|blocked/i, 'blocked'],
  [/timeout|too long|unavailable|unreachable|connect/i, 'unavailable'],
  [/empty/i, 'empty'],
  [/cut off/i, 'cut_off'],
  [/too short/i, 'too_short'],
  [/placeholder/i, 'placeholders'],
  [/repeat|repetit/i, 'repetitive'],
  [/language/i, 'language'],
  [/about the task|quality/i, 'task_talk'],
];

const UNKNOWN: FailureWords = {
  reason: 'Something went wrong on our side.',
  advice: 'Try again; if it fails the same way, try a shorter or simpler request.',
  canRetry: true,
};

export function failureWords(code: string | null | undefined, reason: string | null): FailureWords {
  return BY_CODE[code ?? codeOf(reason)] ?? BY_CODE[codeOf(reason)] ?? UNKNOWN;
}

function codeOf(reason: string | null): string {
  return BY_REASON.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? '';
}

const BEFORE_ANOTHER: Record<string, string | undefined> = {
  too_short: 'That attempt was too short',
  cut_off: 'That attempt broke off before its end',
  repetitive: 'That attempt repeated itself',
  placeholders: 'That attempt had blanks to fill in',
  task_talk: 'That attempt talked about the task',
  language: 'That attempt was in another language',
  empty: 'Nothing came back',
  quota_exceeded: 'The AI service is busy',
  unavailable: 'The AI service didn’t answer',
};

/** "That attempt was too short, so we’re trying again (2 of 3)." */
export function retryWords(reason: string | null, attempt: number, maxAttempts: number | null): string {
  const what = BEFORE_ANOTHER[codeOf(reason)] ?? 'That attempt didn’t work';
  return `${what}, so we’re trying again (${maxAttempts === null ? `attempt ${attempt}` : `${attempt} of ${maxAttempts}`}).`;
}
