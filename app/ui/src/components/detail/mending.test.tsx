import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { RewriteRequest } from '../../api/rewrites';
import type { Content, Finding } from '../../api/types';
import ContentDetail from '../../pages/ContentDetail';
import { exampleContent } from '../../test/examples';
import { fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';

const GET = 'GET /api/content/content-1';
const POST = 'POST /api/content/content-1/rewrites';
const TEXT = '🍅 Tomatoes love the sun on a balcony.\n\nLet us delve into watering them well.';

function finding(check: string, passed: boolean, more: Partial<Finding> = {}): Finding {
  return { check, passed, message: '', spans: [], count: 0, ...more };
}

const FAILED = [
  finding('keyword', false, { message: '“trellis” does not occur.', value: 0, target: 'trellis' }),
  finding('cliches', false, { message: 'A worn phrase.', spans: [{ start: 47, end: 57 }], count: 1 }),
  finding('to-verify', false, { message: 'Look up 1 number.' }),
];
const GREEN = FAILED.map((each) => ({ ...each, passed: each.check !== 'to-verify' }));

async function open(answers: Record<string, Parameters<typeof fakeServer>[0][string]> = {}) {
  let content: Content = exampleContent({ generationStatus: 'completed', generatedText: TEXT, revision: 4, version: 1, checks: FAILED });
  const asked: RewriteRequest[] = [];
  const replacements = ['🍅 Tomatoes on a trellis love the sun on a balcony.', 'Water them well.'];
  const one = (number: number) => ({
    [`${GET}/rewrites/r${number}`]: () => success({ id: `r${number}`, status: 'completed', replacement: replacements[number - 1], failureReason: null }),
    [`${POST}/r${number}/accept`]: () => {
      const { quote } = asked[number - 1] ?? { quote: '' };
      const generatedText = content.generatedText.replace(quote, replacements[number - 1] ?? '');
      content = { ...content, generatedText, revision: (content.revision ?? 0) + 1, checks: GREEN };
      return success(content);
    },
  });
  const server = fakeServer({
    [GET]: () => success(content),
    [POST]: ({ body }) => success({ id: `r${asked.push(body as RewriteRequest)}`, status: 'pending' }, 202),
    ...one(1),
    ...one(2),
    ...answers,
  });
  renderPage(<ContentDetail />, { at: '/contents/content-1', path: '/contents/:id' });
  await userEvent.click(await screen.findByRole('tab', { name: 'Checks' }));
  await screen.findByText('3 of 3 to look at.');
  await screen.findByRole('textbox', { name: 'Text' });
  return { server, asked };
}

const suggestion = (name: string | RegExp) => screen.findByRole('region', { name });
const article = () => screen.getByRole('textbox', { name: 'Text' });

test('a missing keyword is fixed: the change is shown, and applied once it is accepted', async () => {
  const { asked } = await open();
  await userEvent.click(screen.getByRole('button', { name: 'Mend Keyword “trellis”: 1 passage' }));
  const result = await suggestion('Suggestion: Keyword “trellis”');
  expect(asked).toEqual([{ action: 'custom', start: 0, end: 37, quote: TEXT.split('\n')[0], instruction: expect.stringContaining('“trellis”') as string }]);
  await waitFor(() => expect(result.querySelector('ins')).toHaveTextContent('trellis'));
  expect(article()).not.toHaveTextContent('trellis');
  await userEvent.click(within(result).getByRole('button', { name: 'Accept' }));
  await waitFor(() => expect(article()).toHaveTextContent('Tomatoes on a trellis love'));
  expect(await screen.findByText('1 of 3 to look at.')).toBeVisible();
});

test('all fixes can be requested at once and accepted together', async () => {
  const { asked } = await open();
  await userEvent.click(screen.getByRole('button', { name: 'Mend all (2 passages)' }));
  expect(await screen.findByRole('heading', { name: '2 suggested changes' })).toHaveFocus();
  await userEvent.click(await screen.findByRole('button', { name: 'Accept all 2' }));
  await waitFor(() => expect(article()).toHaveTextContent('Water them well.'));
  expect(article()).toHaveTextContent('Tomatoes on a trellis love');
  expect(asked.map(({ quote }) => quote)).toEqual(TEXT.split('\n\n'));
});

test('a discarded fix changes nothing and can be requested again', async () => {
  const { server } = await open();
  await userEvent.click(screen.getByRole('button', { name: 'Mend Worn phrases: 1 passage' }));
  const result = await suggestion('Suggestion: Worn phrases');
  await userEvent.click(await within(result).findByRole('button', { name: 'Discard' }));
  expect(screen.queryByRole('region', { name: /^Suggestion/ })).toBeNull();
  expect(screen.getByRole('button', { name: 'Mend Worn phrases: 1 passage' })).toBeVisible();
  expect(article()).toHaveTextContent('delve');
  expect(server.calls.filter(({ path }) => path.endsWith('/accept'))).toEqual([]);
});

test('findings that need a person are shown without a fix', async () => {
  await open();
  expect(screen.getAllByRole('button', { name: /^Mend (?!all)/ })).toHaveLength(2);
  expect(screen.queryByRole('button', { name: /^Mend To verify/ })).toBeNull();
});
