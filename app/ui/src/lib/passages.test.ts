import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { moved, trimmed } from './passages';
import { placeIn, proposalOf } from './proposals';

const words = fc.array(fc.constantFrom('a', 'b', ' ', '🍅', '\n'), { maxLength: 12 }).map((parts) => parts.join(''));

describe('a passage in a text that is edited', () => {
  test('stays with its words when something before or behind it changes', () => {
    fc.assert(
      fc.property(words, words, words, words, words, (before, behind, otherBefore, otherBehind, passage) => {
        const quote = `<${passage}>`;
        const text = before + quote + behind;
        const place = { from: before.length, to: before.length + quote.length };
        for (const [start, end] of [[otherBefore, behind], [before, otherBehind]] as const) {
          expect(moved(place, text, start + quote + end)).toEqual({ from: start.length, to: start.length + quote.length });
        }
      }),
    );
  });

  test('is lost when its words change', () => {
    expect(moved({ from: 4, to: 8 }, 'All bees sing', 'All bears sing')).toBeNull();
    expect(moved({ from: 4, to: 8 }, 'All bees sing', '')).toBeNull();
  });

  test('is found again where its words stand once, and nowhere when they stand twice', () => {
    const proposal = proposalOf({ wish: { action: 'fix' }, purpose: '', group: '', passage: { from: 4, to: 8 } }, 'All bees sing');
    expect(placeIn(proposal, 'All bees sing', 'Now do bees ever dance')).toEqual({ from: 7, to: 11 });
    expect(placeIn({ ...proposal, passage: null }, 'x', 'bees bees')).toBeNull();
    expect(placeIn({ ...proposal, passage: null }, 'x', 'no wasps')).toBeNull();
  });
});

test('a passage does not include surrounding white space', () => {
  expect(trimmed('a  b c \n', { from: 1, to: 8 })).toEqual({ from: 3, to: 6 });
  expect(trimmed('a   b', { from: 1, to: 4 })).toBeNull();
});
