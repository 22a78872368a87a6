import { expect, test } from 'vitest';

import { EMPTY_TEXT, requestOf, type NewTextValues } from './newText';
import { planOf } from './plan';
import { withTypeFields } from './typeFields';

const FILLED = { prompt: 'Words', price: '29 €', network: 'LinkedIn', callToAction: 'Book a table', emoji: 'no emoji' };

test.each<[string, Partial<NewTextValues>, object | undefined]>([
  ['a blog post has none of them', { contentType: 'blog' }, undefined],
  ['a product has its price', { contentType: 'product', points: 'Linen\nTwo pockets' }, { points: ['Linen', 'Two pockets', 'Price: 29 €'] }],
  [
    'a social post is for a network, in the length that is usual there',
    { contentType: 'social' },
    { audience: 'people on LinkedIn', tone: 'no emoji', words: 120, points: ['Call to action: Book a table'] },
  ],
  [
    'what was chosen otherwise stays',
    { contentType: 'social', audience: 'bakers', tone: 'Warm', words: '50', callToAction: ' ', points: 'Sunday' },
    { audience: 'bakers on LinkedIn', tone: 'Warm, no emoji', words: 50, points: ['Sunday'] },
  ],
])('%s', (_what, given, brief) => {
  const values = { ...EMPTY_TEXT, ...FILLED, ...given };
  expect(requestOf(values).brief).toEqual(brief);
  expect(requestOf(withTypeFields(values)).brief).toEqual(brief);
});

test('the line beside the button says what they make of the text', () => {
  expect(planOf({ ...EMPTY_TEXT, ...FILLED, contentType: 'social' }).slice(0, 3)).toEqual(['About 120 words', 'in the language of your brief', 'for people on LinkedIn']);
});
