import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { codePointsOf, excerptAt, unitIndex } from './codePoints';

const pieces = fc.constantFrom('a', 'é', '🍅', '👩‍👩‍👧', '\ud83c', '\udf45', 'e\u0301', '漢', '𠮷', ' ', '\n');
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

describe('offsets between the server’s count and the browser’s', () => {
  test('match a walk through the code points, for any preceding text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { toUnits, toPoints } = codePointsOf(text);
        let [index, offset] = [0, 0];
        for (const character of text) {
          expect([toUnits(offset), toPoints(index)]).toEqual([index, offset]);
          index += character.length;
          offset += 1;
        }
        expect([toUnits(offset), toPoints(index), toUnits(offset + 9), toPoints(index + 9)]).toEqual([index, offset, index, offset]);
      }),
    );
  });

  test('cut the same words out of a text as the server does', () => {
    fc.assert(
      fc.property(texts, fc.nat(20), fc.nat(20), (text, start, length) => {
        const { toUnits } = codePointsOf(text);
        expect(text.slice(toUnits(start), toUnits(start + length))).toBe(Array.from(text).slice(start, start + length).join(''));
      }),
    );
  });

  test('never part a pair of units', () => {
    expect(codePointsOf('🍅 ripe').toPoints(1)).toBe(0);
    expect(codePointsOf('').toUnits(3)).toBe(0);
  });

  test('of a long text are worked out in one walk', () => {
    const text = '🍅a'.repeat(100_000);
    let sum = 0;
    for (let offset = 0; offset < 200_000; offset += 1) sum += unitIndex(text, offset) - offset;
    expect(sum).toBe(2 * (100_000 * 99_999) / 2 + 100_000);
  });
});

test('an excerpt is one line, and is cut between characters', () => {
  expect(excerptAt('🍅🍅 ripe\n one', 3, 12)).toBe('ripe one');
  expect(excerptAt('🍅'.repeat(300), 0, 300)).toBe(`${'🍅'.repeat(160)}…`);
});
