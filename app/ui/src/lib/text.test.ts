import { describe, expect, test, vi } from 'vitest';

import { ageOf, clock } from './age';
import { excerptOf } from './excerpt';
import { learnServerTime, serverNow } from './serverClock';
import { countCharacters } from './validation';
import { countWords } from './words';

test.each([
  ['2026-11-22T12:00:00Z', 'just now'],
  ['2026-11-22T11:57:10Z', '2 minutes ago'],
  ['2026-11-21T11:00:00Z', 'yesterday'],
  ['2025-10-01T00:00:00Z', 'last year'],
])('%s is %s', (time, age) => {
  expect(ageOf(time, Date.parse('2026-11-22T12:00:05Z'))).toBe(age);
});

test('seconds are shown as on a clock', () => {
  expect([0, 7, 60, 125].map(clock)).toEqual(['0:00', '0:07', '1:00', '2:05']);
});

test.each([
  ['en-US', 'Dec 17, 2020, 2:30 PM', 'Dec 17, 2:30 PM'],
  ['en-GB', '17 Dec 2020, 14:30', '17 Dec, 14:30'],
  ['de-DE', '17.12.2020, 14:30', '17. Dez., 14:30'],
])('times are shown in the locale %s of the person', async (locale, exact, moment) => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue([locale]);
  vi.resetModules();
  const { exactTime, timeOfDay } = await import('./age');
  const time = new Date('2020-12-17T14:30');
  expect(exactTime(time.toISOString()).replace(/\s/g, ' ')).toBe(exact);
  expect(timeOfDay(time.getTime()).replace(/\s/g, ' ')).toBe(moment);
});

test('times are shown even if the browser names a locale that does not exist', async () => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-US@posix']);
  vi.resetModules();
  const { exactTime } = await import('./age');
  expect(exactTime('2020-12-17T14:30')).toContain('2020');
});

test('characters are code points of the composed form, as the server counts', () => {
  expect(countCharacters('🍅é')).toBe(2);
  expect(countCharacters('e\u0301')).toBe(1);
});

test('words are counted in scripts with and without spaces', () => {
  expect(countWords('One two, three.')).toBe(3);
  expect(countWords('写作是一种对话')).toBeGreaterThan(1);
});

test('the first words of a text are without its marks', () => {
  expect(excerptOf('# Title\n\n**Bold** and *soft* [link](https://x.org)\n- one\n- two')).toBe('Title Bold and soft link one two');
  expect(excerptOf('snake_case stays, 2 * 3 too')).toBe('snake_case stays, 2 * 3 too');
  expect(excerptOf('word '.repeat(200))).toMatch(/^(word ){40,60}word…$/);
});

describe("the server's clock", () => {
  test('is followed when this computer is wrong by minutes', () => {
    const now = Date.now();
    learnServerTime(new Date(now + 600_000).toUTCString(), now, now);
    expect(serverNow() - Date.now()).toBeGreaterThan(595_000);
  });

  test('is not followed over the differences that a header of whole seconds makes', () => {
    const now = Date.now();
    learnServerTime(new Date(now - 900).toUTCString(), now, now);
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });
});
