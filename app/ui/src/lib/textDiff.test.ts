import fc from 'fast-check';
import { expect, test } from 'vitest';

import { excerptAt, unitIndex } from './codePoints';
import { changesBetween } from './textDiff';

const joined = (changes: ReturnType<typeof changesBetween>, left: string) =>
  (changes ?? []).filter(({ op }) => op !== left).map(({ text }) => text).join('');

test('a comparison holds both texts to the character, in every script', () => {
  const word = fc.constantFrom('sun ', 'water', '\n\n', '水やり', 'ماء ', '🍅', ' ');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.array(word, { maxLength: 20 }), (one, other) => {
      const [from, to] = [one.join(''), other.join('')];
      const changes = changesBetween(from, to);
      expect(joined(changes, 'insert')).toBe(from);
      expect(joined(changes, 'delete')).toBe(to);
    }),
  );
});

test('only the words that changed are named', () => {
  expect(changesBetween('Sun and water.', 'Sun and wind.')).toEqual([
    { op: 'equal', text: 'Sun and ' },
    { op: 'delete', text: 'water' },
    { op: 'insert', text: 'wind' },
    { op: 'equal', text: '.' },
  ]);
});

test('texts that have nothing in common are given up, and do not hang', () => {
  const [one, other] = ['a', 'b'].map((mark) => Array.from({ length: 3_000 }, (_, index) => `${mark}${index}`).join(' '));
  expect(changesBetween(one ?? '', other ?? '')).toBeNull();
});

test('places are counted in code points', () => {
  expect(unitIndex('🍅🍅 ripe', 3)).toBe(5);
  expect(excerptAt('🍅🍅 ripe\n one', 3, 7)).toBe('ripe');
  expect(excerptAt('ab', 1, 99)).toBe('b');
});
