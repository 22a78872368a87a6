import { expect, test } from 'vitest';

import { EMPTY_TEXT } from './newText';
import { planOf } from './plan';

test.each([
  ['', 'in the language of your brief'],
  ['nb', 'in Norwegian Bokmål'],
  ['qqq', 'in qqq'],
  ['not a tag', 'in not a tag'],
])('the language “%s”, also one that a damaged draft brings, reads “%s”', (language, said) => {
  expect(planOf({ ...EMPTY_TEXT, language })[1]).toBe(said);
});
