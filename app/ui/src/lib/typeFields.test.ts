import { expect, test } from 'vitest';

import { EMPTY_TEXT, newTextResolver, requestOf, type NewTextValues } from './newText';
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

const NINE = 'Feature\n'.repeat(9);

test.each<[string, Partial<NewTextValues>, Partial<NewTextValues>]>([
  ['ten features alone', { contentType: 'product', price: '', points: `${NINE}Linen` }, {}],
  ['eleven features alone', { contentType: 'product', price: ' ', points: `${NINE}Linen\nSage` }, { points: 'At most 10.' }],
  ['nine features and a price', { contentType: 'product', points: NINE }, {}],
  ['ten features and a price', { contentType: 'product', points: `${NINE}Linen` }, { points: 'At most 9 features beside a price.' }],
  ['ten points, the price being that of another type', { contentType: 'blog', points: `${NINE}Linen` }, {}],
  ['ten points and a call to action', { contentType: 'social', points: `${NINE}Linen` }, { points: 'At most 9 points beside a call to action.' }],
  ['a tone that leaves room for the emoji', { contentType: 'social', emoji: 'a few emoji', tone: ` ${'t'.repeat(47)} ` }, {}],
  ['a tone that leaves none', { contentType: 'social', emoji: 'a few emoji', tone: 't'.repeat(48) }, { tone: 'At most 47 characters beside “a few emoji”.' }],
  ['a tone alone', { contentType: 'social', emoji: '', tone: 't'.repeat(61) }, { tone: 'At most 60 characters.' }],
  ['an audience that leaves room for the network', { contentType: 'social', audience: 'a'.repeat(188) }, {}],
  ['an audience that leaves none', { contentType: 'social', audience: 'a'.repeat(189) }, { audience: 'At most 188 characters beside “on LinkedIn”.' }],
  ['a price and a call to action from elsewhere', { contentType: 'product', price: '9'.repeat(61), callToAction: 'c'.repeat(201) }, { price: 'At most 60 characters.' }],
  ['a call to action that is too long', { contentType: 'social', callToAction: 'c'.repeat(201) }, { callToAction: 'At most 200 characters.' }],
])('%s: each field says what fits into it', async (_what, given, messages) => {
  const values = { ...EMPTY_TEXT, ...FILLED, ...given };
  const found = await newTextResolver(values, undefined, { fields: {}, shouldUseNativeValidation: false });
  expect(Object.fromEntries(Object.entries(found.errors).map(([field, error]) => [field, error.message]))).toEqual(messages);
  // The server's limits: at most 10 points, 200 characters of audience, 60 of tone.
  const { points = [], audience = '', tone = '' } = requestOf(values).brief ?? {};
  const isTaken = points.length <= 10 && audience.length <= 200 && tone.length <= 60 && points.every((point) => point.length <= 300);
  if (Object.keys(messages).length === 0) expect(isTaken).toBe(true);
});

test('the line beside the button says what they make of the text', () => {
  expect(planOf({ ...EMPTY_TEXT, ...FILLED, contentType: 'social' }).slice(0, 3)).toEqual(['About 120 words', 'in the language of your brief', 'for people on LinkedIn']);
});
