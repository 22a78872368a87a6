import { expect, test } from 'vitest';

import { writingStateOf } from './writingState';

test.each([
  ['failed', '', 'failed'],
  ['failed', 'By hand.', 'completed'],
  ['cancelled', 'By hand.', 'completed'],
  ['completed', 'Words.', 'completed'],
  ['completed', ' \n', 'empty'],
  ['pending', '', 'pending'],
  ['processing', 'So far', 'processing'],
  [null, 'By hand.', null],
] as const)('a generation that is %s with the text %j is shown as %s', (generationStatus, generatedText, state) => {
  expect(writingStateOf({ generationStatus, generatedText })).toBe(state);
});
