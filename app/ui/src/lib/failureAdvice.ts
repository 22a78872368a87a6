const ADVICE: [RegExp, string][] = [
  [/api key/i, 'Ask your administrator to set a valid key. After that, start again.'],
  [/quota|rate limit/i, 'The AI provider takes no more requests for now. Wait a while, then start again.'],
  [/safety|blocked/i, 'Reword the request: leave out or soften what could be taken as harmful, then start again.'],
  [/timeout|too long|unavailable|unreachable|connect/i, 'The AI provider was slow or away. Starting again in a few minutes usually helps.'],
  [/empty/i, 'Say in more detail what you want, then start again.'],
  [/quality|cut off|too short|placeholder/i, 'Say more precisely what should be in the text and how long it should be, then start again.'],
];

/** What a person can do about a failed generation. */
export function adviceFor(reason: string | null): string {
  const known = ADVICE.find(([pattern]) => pattern.test(reason ?? ''));
  return known?.[1] ?? 'Start again; if it fails the same way, try a shorter or simpler request.';
}
