import { render } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import MarkdownText from '../components/MarkdownText';
import { blocksOf, calm, headingLevels } from './liveMarkdown';

const shown = (growing: string) => {
  const { container, unmount } = render(<MarkdownText text={calm(growing) || ' '} />);
  const text = container.textContent;
  unmount();
  return text.trim();
};

describe('the blocks of a text that grows', () => {
  test('are cut at empty lines, but never inside a list or a block of code', () => {
    const text = '# One\n\nSome words.\n\n- a\n\n- b\n\n  more of b\n\nAfter it.\n\n```\ncode\n\nmore code\n```\n\nThe end';
    expect(blocksOf(text)).toEqual({
      finished: ['# One', 'Some words.', '- a\n\n- b\n\n  more of b', 'After it.', '```\ncode\n\nmore code\n```'],
      growing: 'The end',
    });
  });

  test('together are the text, whatever it is, and finished ones stay as they are', () => {
    const piece = fc.constantFrom('word ', '\n', '\n\n', '**', '`', '```\n', '- ', '1. ', '# ', '|', '  ', '🍅', '[a](');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const whole = pieces.join('');
        const { finished, growing } = blocksOf(whole);
        const words = (text: string) => text.replace(/\s+/g, '');
        expect(words([...finished, growing].join(''))).toBe(words(whole));
        const earlier = blocksOf(pieces.slice(0, -1).join('')).finished;
        expect(finished.slice(0, Math.max(0, earlier.length - 1))).toEqual(earlier.slice(0, Math.max(0, earlier.length - 1)));
        expect(() => calm(growing)).not.toThrow();
      }),
    );
  });

  test('know the headings in them', () => {
    expect(headingLevels('## Two\n### Three')).toEqual([2, 3]);
    expect(headingLevels('```\n# no heading\n```')).toEqual([]);
  });
});

describe('what is half open', () => {
  test.each([
    ['Some **bold', 'Some bold'],
    ['Some **bold*', 'Some bold'],
    ['Some *slanted', 'Some slanted'],
    ['Some **', 'Some'],
    ['Some `code', 'Some code'],
    ['See [the guide](https://exa', 'See the guide'],
    ['See [the gui', 'See the gui'],
    ['~~gone', 'gone'],
    ['A line\n-', 'A line'],
    ['A line\n##', 'A line'],
    ['#', ''],
    ['- one\n- ', 'one'],
    ['| a | b |', ''],
    ['| a | b |\n|---|', ''],
    ['2 * 3 is', '2 * 3 is'],
  ])('%j is shown as %j', (growing, expected) => {
    expect(shown(growing)).toBe(expected);
  });

  test('shows no marks at any moment of a usual text', () => {
    const text = '## A **bold** heading\nSun, *water* and `soil` for [tomatoes](https://example.org), **all of it**.';
    for (let end = 1; end <= text.length; end += 1) expect(shown(text.slice(0, end))).not.toMatch(/[*`[\]#]|https/);
  });

  test('a table appears once its rule is there, and grows by rows', () => {
    expect(shown('| a | b |\n|---|---|\n| 1 | 2')).toContain('1');
  });
});
