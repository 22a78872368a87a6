/** No text can break or stall the page. */
import { fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { excerptOf } from '../lib/excerpt';
import { plainTextOf } from '../lib/plainText';
import MarkdownText from './MarkdownText';

function proseOf(text: string, title = ''): HTMLElement {
  const { container } = render(<MarkdownText text={text} title={title} />);
  const prose = container.querySelector<HTMLElement>('.prose');
  if (!prose) throw new Error('the text was not rendered');
  return prose;
}

test.each([
  ['quotes', '>'.repeat(5_000)],
  ['quotes with spaces', '> '.repeat(5_000)],
  ['brackets', '['.repeat(5_000)],
  ['image brackets', '!['.repeat(5_000)],
  ['half links', '[a]('.repeat(3_000)],
  ['emphasis that never ends', '*a **b '.repeat(3_000)],
  ['emphasis on lines', '*a**b\n'.repeat(3_000)],
  ['lists in lists on one line', '- '.repeat(5_000)],
  ['numbers in numbers', '1. '.repeat(5_000)],
  ['lists in lists on lines', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(2 * depth)}- x`).join('\n')],
  ['a growing staircase of quotes', Array.from({ length: 400 }, (_, depth) => `${'>'.repeat(depth)} x`).join('\n')],
  ['backticks', '`a``b'.repeat(3_000)],
  ['opened tags', '<a '.repeat(5_000)],
  ['sources', '[a]: b\n'.repeat(10_000)],
  ['paragraphs', 'a\n\n'.repeat(60_000)],
  ['a megabyte', 'word '.repeat(200_000)],
])('%s too many are shown, and copied, as they were written', (_, text) => {
  const prose = proseOf(text);
  expect(prose.querySelector('.as-written')?.textContent).toBe(text);
  expect(plainTextOf(prose).trim()).toBe(text.trim());
  excerptOf(text);
});

test.each([
  ['a line of stars', '*'.repeat(5_000)],
  ['a line of 100,000 characters', 'word '.repeat(20_000)],
  ['deep emphasis', `${'*'.repeat(100)}a${'*'.repeat(100)}`],
  ['fences', '```\n'.repeat(500)],
])('%s is shown', (_, text) => {
  expect(proseOf(text).childElementCount).toBeGreaterThan(0);
});

test.each([
  ['five levels of lists', '- a\n  - b\n    - c\n      - d\n        - e', 'ul ul ul ul ul'],
  ['a mail with ten quotes', Array.from({ length: 10 }, (_, depth) => `${'> '.repeat(depth + 1)}x`).join('\n'), 'blockquote blockquote'],
  ['a table of 300 rows', `| **a** | b |\n|---|---|\n${'| **x** | [y](https://x.org) |\n'.repeat(300)}`, 'table strong'],
])('%s is no reason to give up', (_, text, selector) => {
  expect(proseOf(text).querySelector(selector)).not.toBeNull();
});

const PIECES = ['*', '**', '_', '~', '~~', '`', '```', '[', ']', '(', ')', '!', '<', '>', '<br>', '<!--', '-->', '<b>', '|', '|-|', '#', '- ', '1. ', '\n', '\n\n', '    ', '\\', '&amp;', '[^1]', '[^1]: ', 'https://x.org/', '，', 'a', 'λ', '字', 'ש', 'م', '👩‍👧', '\u202e', '\ud800', '\0'];

test('whatever is thrown together is shown with all its letters, and is copied and excerpted', () => {
  const texts = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const { container, unmount } = render(<MarkdownText text={text} />);
      const copied = plainTextOf(container.firstElementChild ?? container);
      // Comments, the addresses of links and the language of a code block are no words of the text.
      const visible = /<!--|\]\(|\]:|```/.test(text) ? '' : text;
      for (const letter of ['λ', '字', 'ש', 'م']) if (visible.includes(letter)) expect(copied).toContain(letter);
      expect(container.querySelector('script, img, iframe, b, [style]')).toBeNull();
      expect(excerptOf(text)).not.toContain('\u202e');
      unmount();
    }),
    { numRuns: 150 },
  );
});

test('every block has the direction of its own text', () => {
  const prose = proseOf('# مرحبا\n\nنص\n\ntext\n\n- שלום\n- hello\n\n1. אחד\n\n   שתיים\n\n> اقتباس\n\n| שם | name |\n|---|---|\n| א | b |');
  const directions = (selector: string) => Array.from(prose.querySelectorAll(selector), (element) => element.getAttribute('dir'));
  expect(new Set(directions('h2, p:not(li p), li, td, th'))).toEqual(new Set(['auto']));
  expect(directions('li p')).toEqual([null, null]);
  expect(directions('blockquote, table, ol')).toEqual(['rtl', 'rtl', 'rtl']);
});

test.each([
  ['# The Title\n\nWords', 'The title'],
  ['**The Title**\n\nWords', 'The Title'],
  ['The Title\n===\n\nWords', '“The Title.”'],
])('the first line of %j is not shown below its title %s, and is copied', (text, title) => {
  const prose = proseOf(text, title);
  expect(screen.getByText(/The Title/)).not.toBeVisible();
  expect(plainTextOf(prose)).toBe('The Title\n\nWords');
});

test.each([
  ['# The Title', 'The Title'],
  ['# Another\n\nWords', 'The Title'],
])('the first line of %j stays below the title %s', (text, title) => {
  expect(proseOf(text, title).firstElementChild).toBeVisible();
});

test('a link inside the text leads to its heading and leaves the address alone', () => {
  const prose = proseOf('[up](#der-größte-teil)\n\n## Der größte Teil');
  const heading = prose.querySelector('h2');
  if (heading) heading.scrollIntoView = () => undefined;
  fireEvent.click(screen.getByRole('link'));
  expect(heading).toHaveFocus();
  expect(window.location.hash).toBe('');
});
