import { describe, expect, test } from 'vitest';

import type { Finding } from '../api/types';
import { blocksOf } from './blocks';
import { mendsOf, together } from './mending';

const TEXT = [
  '# 🍅 Balcony tomatoes',
  '',
  'Tomatoes love the sun. Let us delve into pots! They need water every day.',
  '',
  '- Pick a big pot for each of them.',
  '- Feed',
  '',
  '```',
  'code = "delve into"',
  '```',
  '',
  '> A pot is',
  '> a small field.',
].join('\n');

function finding(check: string, more: Partial<Finding> = {}): Finding {
  return { check, passed: false, message: '', spans: [], count: 0, ...more };
}

function place(words: string) {
  const start = Array.from(TEXT.slice(0, TEXT.indexOf(words))).length;
  return { start, end: start + Array.from(words).length };
}

function mended(given: Finding, brief = {}) {
  return mendsOf(given, TEXT, blocksOf(TEXT), brief).map(({ passage, wish }) => ({ words: TEXT.slice(passage.from, passage.to), wish }));
}

test('the blocks of a text are told apart, without their marks', () => {
  expect(blocksOf(TEXT).map(({ kind, from, to }) => [kind, TEXT.slice(from, to).split('\n')[0]])).toEqual([
    ['heading', '🍅 Balcony tomatoes'],
    ['paragraph', 'Tomatoes love the sun. Let us delve into pots! They need water every day.'],
    ['item', 'Pick a big pot for each of them.'],
    ['item', 'Feed'],
    ['other', '```'],
    ['quote', 'A pot is'],
  ]);
});

describe('what mends a check', () => {
  test('that marks places rewrites the sentences around them, each once', () => {
    const found = mended(finding('cliches', { spans: [place('delve into'), place('pots!'), place('Pick a big')] }));
    expect(found.map(({ words }) => words)).toEqual(['Let us delve into pots!', 'Pick a big pot for each of them.']);
    expect(found[0]?.wish.action).toBe('custom');
  });

  test('of a missing keyword rewrites the first paragraph, and names the word', () => {
    const [mend, ...more] = mended(finding('keyword', { target: 'trellis' }));
    expect(mend?.words).toMatch(/^Tomatoes love/);
    expect(mend?.wish.instruction).toContain('“trellis”');
    expect(more).toEqual([]);
  });

  test('of the length rewrites the longest passages, with a number of words each', () => {
    expect(mended(finding('length', { value: 33, target: 27 }))).toEqual([
      { words: expect.stringMatching(/^Tomatoes/) as string, wish: { action: 'shorten', instruction: 'About 8 words instead of 14.' } },
    ]);
    const longer = mended(finding('length', { value: 33, target: 80 }));
    expect(longer.map(({ wish }) => wish)).toEqual([
      { action: 'expand', instruction: 'About 44 words instead of 14.' },
      { action: 'expand', instruction: 'About 25 words instead of 8.' },
    ]);
  });

  test('of the language is a translation of every passage, also of headings', () => {
    const found = mended(finding('language'), { language: 'de' });
    expect(found).toHaveLength(5);
    expect(found.every(({ wish }) => wish.action === 'translate' && wish.language === 'de')).toBe(true);
    expect(mended(finding('language'))).toEqual([]);
  });

  test('is left to a person where only they can know', () => {
    expect(mended(finding('to-verify', { spans: [place('every day')] }))).toEqual([]);
    expect(mended(finding('task-talk', { spans: [place('Tomatoes')] }))).toEqual([]);
    expect(mended(finding('cliches', { passed: null, spans: [place('delve')] }))).toEqual([]);
  });

  test('of two checks in the same words is one rewrite that does both', () => {
    const blocks = blocksOf(TEXT);
    const mends = [finding('keyword', { target: 'trellis' }), finding('length', { value: 33, target: 27 }), finding('cliches', { spans: [place('big pot')] })].flatMap((each) =>
      mendsOf(each, TEXT, blocks, {}),
    );
    const merged = together(mends);
    expect(merged.map(({ passage }) => TEXT.slice(passage.from, passage.from + 4))).toEqual(['Toma', 'Pick']);
    expect(merged[0]?.wish.action).toBe('custom');
    expect(merged[0]?.wish.instruction).toMatch(/trellis.*shorter.*About 8 words/);
  });
});
