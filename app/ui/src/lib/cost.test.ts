import { expect, test } from 'vitest';

import { costText } from './cost';

const usage = { calls: 1, inputTokens: 1_000, outputTokens: 200, thinkingTokens: 4, cost: null };

test.each([
  ['tokens where no price is known', usage, '1,204 tokens'],
  ['the amount and the tokens', { ...usage, cost: { amount: 1.5, currency: 'USD' } }, '$1.50 · 1,204 tokens'],
  ['two digits of a small amount', { ...usage, cost: { amount: 0.00213, currency: 'USD' } }, '$0.0021 · 1,204 tokens'],
  ['nothing where no model was asked', { ...usage, calls: 0 }, null],
  ['nothing for what a person wrote', null, null],
])('the cost of a text is told as %s', (_how, given, said) => {
  expect(costText(given)).toBe(said);
});
