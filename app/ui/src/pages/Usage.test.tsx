import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { Limits } from '../api/usage';
import { QuotaBanner } from '../components/usage/QuotaBanner';
import { lastMonths, usesOf, warningOf } from '../lib/usageWords';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import Usage from './Usage';

const NOTHING: Limits = { dailyGenerations: null, monthlyTokens: null };
const sum = { calls: 12, generations: 9, inputTokens: 4200, outputTokens: 9800, thinkingTokens: 0, cost: { amount: 0.0258, currency: 'USD' } };
const [thisMonth = ''] = lastMonths(new Date());

function day(used: number, limit = 500): Limits {
  return { ...NOTHING, dailyGenerations: { limit, used, remaining: limit - used, resetsAt: '2026-11-27T00:00:00.000Z' } };
}

function server(totals = sum, limits = NOTHING) {
  return fakeServer({
    'GET /api/usage': ({ query }) =>
      success({ totals, limits, rows: [{ ...totals, ...(query.get('by') === 'day' ? { day: `${thisMonth}-03` } : { type: 'blog', model: 'gemini-x' }) }] }),
    'GET /api/content': () => success({ contents: [], pagination: { total: 3 } }),
    'GET /api/config': () => success({ limits: { waitingGenerations: 20 } }),
  });
}

test('a month is added up, with its cost, its days, and what is left', async () => {
  const { calls } = server(sum, day(34));
  renderPage(<Usage />, { at: '/usage' });
  expect(await screen.findByText('$0.0258', { selector: 'dd span' })).toBeVisible();
  expect(screen.getByText('34 of 500')).toBeVisible();
  expect(screen.getByRole('meter', { name: 'Texts today: 34 of 500' })).toHaveAttribute('aria-valuenow', '34');
  expect(screen.getByText('More on November 27 at 00:00 UTC', { exact: false })).toBeVisible();
  expect(await screen.findByText('Waiting now: 3 of 20')).toBeVisible();
  const kinds = screen.getByRole('table', { name: '' });
  expect(within(kinds).getByText('Blog post')).toBeVisible();
  expect(calls[0]?.query.get('from')).toBe(`${thisMonth}-01`);
});

test('another month is asked for, and stands in the address', async () => {
  const { calls } = server({ ...sum, calls: 0 });
  const { router } = renderPage(<Usage />, { at: '/usage' });
  expect(await screen.findByText(/^Nothing used in/)).toBeVisible();
  expect(screen.getByText('You can write as much as you like.')).toBeVisible();
  const before = lastMonths(new Date())[1] ?? '';
  await userEvent.selectOptions(screen.getByLabelText('Month'), before);
  expect(router.state.location.search).toBe(`?month=${before}`);
  await waitFor(() => expect(calls.some(({ query }) => query.get('from') === `${before}-01`)).toBe(true));
});

test('a price that is not known is no 0', async () => {
  server({ ...sum, cost: null as never });
  renderPage(<Usage />, { at: '/usage' });
  expect(await screen.findByText('the price of a model is not known')).toBeVisible();
});

test('what cannot be loaded can be tried again', async () => {
  fakeServer({ 'GET /api/usage': () => failure(503, 'The database is away') });
  renderPage(<Usage />, { at: '/usage' });
  expect(await screen.findByText('The database is away')).toBeVisible();
  server();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Texts per day', { selector: 'figcaption' })).toBeVisible();
});

test('the banner comes at 80 %, and says when there is more', async () => {
  fakeServer({ 'GET /api/usage': () => success({ totals: sum, rows: [], limits: day(500) }) });
  renderPage(<QuotaBanner />);
  expect(await screen.findByText("You've used all 500 texts for today. More on November 27 at 00:00 UTC.", { exact: false })).toBeVisible();
  expect(warningOf(day(399))).toBeNull();
  expect(warningOf(day(400))?.text).toBe('You have 100 texts left today, of 500.');
  expect(warningOf(NOTHING)).toBeNull();
});

test('the form says what a request uses', () => {
  expect(usesOf(day(34), 1)).toBe('uses 1 of 466 left today');
  expect(usesOf(day(500), 1)).toBe('none of 500 left today');
  const tokens = { limit: 50_000, used: 38_000, remaining: 12_000, resetsAt: '2026-12-01T00:00:00.000Z' };
  expect(usesOf({ ...NOTHING, monthlyTokens: tokens }, 1)).toBe('uses some of 12,000 tokens left this month');
  expect(usesOf(undefined, 1)).toBeNull();
  expect(usesOf(day(34), 60)).toBe('uses 60 of 466 left today');
  expect(usesOf(day(450), 60)).toBe('only 50 left today');
  expect(usesOf(NOTHING, 60)).toBeNull();
});
