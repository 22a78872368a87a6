import { expect, test } from 'vitest';

import { isTooIntricate } from './intricacy';

test.each([
  ['nested quotes', '>'.repeat(5_000)],
  ['nested quotes with blanks', '> '.repeat(5_000) + 'deep'],
  ['nested lists on one line', '- '.repeat(500) + 'deep'],
  ['nested numbered lists', '1. '.repeat(500) + 'deep'],
  ['lists and quotes in turn', '- > '.repeat(300) + 'deep'],
  ['lists nested by indentation', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- deep`).join('\n')],
  ['emphasis without end', '*a '.repeat(5_000)],
  ['emphasis over many lines', '*a*\n'.repeat(2_000)],
  ['emphasis after a block of code', '```\ncode\n```\n' + '*a '.repeat(5_000)],
  ['emphasis after what only looks like a fence', '``` a`b\n' + '*a '.repeat(5_000)],
  ['strokes without end', '~a ~b~ '.repeat(1_000)],
])('%s are too much', (_, text) => {
  expect(isTooIntricate(text)).toBe(true);
});

test.each([
  ['an article', '# Title\n\nSome *soft* and **loud** words.\n\n- one\n  - two\n    - three\n\n> quoted\n\n'.repeat(300)],
  ['rules across the page', '-'.repeat(300) + '\n\n' + '* '.repeat(300) + '\n\n' + '_'.repeat(300)],
  ['code that is far to the right', `\`\`\`\n${' '.repeat(400)}return x;\n\`\`\``],
  ['a long line', 'word '.repeat(20_000)],
  ['a table', '| a | *b* |\n|---|---|\n' + '| 1 | 2 |\n'.repeat(900)],
  ['a long block of code', '```c\n' + 'char **p = *q_r; /* a_b_c */\n'.repeat(1_000) + '```\n'],
  ['many names with underscores', 'snake_case_name '.repeat(2_000)],
  ['nothing', ''],
])('%s is not', (_, text) => {
  expect(isTooIntricate(text)).toBe(false);
});
