import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { NoticesProvider } from '../contexts/NoticesProvider';
import { ada } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import Admin from './Admin';

const eve = {
  id: 'user-2',
  email: 'eve@example.com',
  firstName: 'Eve',
  lastName: 'Moss',
  role: 'user',
  createdAt: '2026-11-22T12:00:00Z',
  disabledAt: null as string | null,
  limits: { dailyGenerations: 5, monthlyTokens: null, storedBytes: null },
};
const one = { total: 1, page: 1, totalPages: 1, limit: 25 };

function show(section: string, role: 'admin' | 'nobody' = 'admin') {
  const user = role === 'admin' ? { ...ada, role } : ada;
  const page = (
    <NoticesProvider>
      <Admin />
    </NoticesProvider>
  );
  return renderPage(page, { at: `/admin/${section}`, path: '/admin/:section?', auth: { state: { status: 'authenticated', user } } });
}

test('for everybody but operators there is no such page', async () => {
  const { calls } = fakeServer({});
  show('people', 'nobody');
  expect(await screen.findByText('Page not found')).toBeVisible();
  expect(calls).toEqual([]);
});

test('people are searched, disabled after a question, and given limits', async () => {
  const server = fakeServer({
    'GET /api/admin/users': ({ query }) => success({ users: query.get('q') === 'nobody' ? [] : [eve], pagination: { ...one, total: query.get('q') === 'nobody' ? 0 : 1 } }),
    'PATCH /api/admin/users/user-2': () => success(eve),
  });
  show('people');
  expect(await screen.findByText('own limits: 5 texts a day')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Disable eve@example.com' }));
  await userEvent.click(screen.getByRole('button', { name: 'Disable' }));
  await waitFor(() => expect(server.callsTo('PATCH /api/admin/users/user-2')[0]?.body).toEqual({ disabled: true }));

  await userEvent.click(screen.getByRole('button', { name: 'Limits of eve@example.com' }));
  const texts = screen.getByLabelText('Texts a day');
  await userEvent.clear(texts);
  await userEvent.type(texts, 'many');
  await userEvent.click(screen.getByRole('button', { name: 'Save limits' }));
  expect(await screen.findByText('Enter a whole number up to 100,000, or nothing.')).toBeVisible();
  expect(texts).toHaveFocus();
  await userEvent.clear(texts);
  await userEvent.type(screen.getByLabelText('Tokens a month'), '9000');
  await userEvent.click(screen.getByRole('button', { name: 'Save limits' }));
  const saved = { limits: { dailyGenerations: null, monthlyTokens: 9000, storedBytes: null } };
  await waitFor(() => expect(server.callsTo('PATCH /api/admin/users/user-2')[1]?.body).toEqual(saved));

  await userEvent.type(screen.getByRole('searchbox'), 'nobody');
  expect(await screen.findByText('Nobody matches “nobody”.')).toBeVisible();
});

test('what the server refuses is said', async () => {
  fakeServer({
    'GET /api/admin/users': () => success({ users: [{ ...eve, disabledAt: '2026-11-22T12:00:00Z' }], pagination: one }),
    'PATCH /api/admin/users/user-2': () => failure(409, 'This is the last operator'),
  });
  show('people');
  await userEvent.click(await screen.findByRole('button', { name: 'Enable eve@example.com' }));
  expect(await screen.findByText('This is the last operator')).toBeVisible();
});

test('what failed is seen with its reason and tried again; a server without workers is told', async () => {
  const run = { contentId: 'content-1', userId: eve.id, email: eve.email, contentType: 'blog', status: 'failed', attempt: 3, maxAttempts: 3, dueAt: null, finishedAt: '2026-11-22T12:00:00Z', failureReason: 'Gemini is busy' };
  const server = fakeServer({
    'GET /api/admin/queue': () => success({ waiting: 4, running: 0, overdue: 4, failed: 1, givenUp: 0, workers: 0 }),
    'GET /api/admin/generations': ({ query }) => success({ generations: query.get('status') === 'failed' ? [run] : [], pagination: one }),
    'POST /api/admin/generations/content-1/requeue': () => success(run),
  });
  show('queue');
  expect(await screen.findByText('Gemini is busy')).toBeVisible();
  expect(await screen.findByText(/^No worker is running/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again for eve@example.com' }));
  await waitFor(() => expect(server.callsTo('POST /api/admin/generations/content-1/requeue')).toHaveLength(1));
  await userEvent.click(screen.getByRole('button', { name: 'Waiting' }));
  expect(await screen.findByText('Nothing waits.')).toBeVisible();
});

test('the provider is tested, usage is by person, and acts are told in words', async () => {
  const sum = { calls: 2, generations: 2, inputTokens: 10, outputTokens: 5, thinkingTokens: 0, cost: null };
  fakeServer({
    'POST /api/admin/provider/test': () => success({ ok: false, model: 'gemini-x', keySet: false, demo: false, reason: 'The key is not valid' }),
    'GET /api/admin/usage': () => success({ totals: sum, rows: [{ ...sum, userId: eve.id, email: eve.email }] }),
    'GET /api/admin/audit': () => success({ acts: [{ id: 'act-1', at: '2026-11-22T12:00:00Z', act: 'user.promoted', operator: 'command', subjectId: eve.id }], pagination: one }),
  });
  show('provider');
  await userEvent.click(await screen.findByRole('button', { name: 'Test the connection' }));
  expect(await screen.findByText('The key is not valid')).toBeVisible();
  show('usage');
  expect(await screen.findByText('eve@example.com', { selector: 'td' })).toBeVisible();
  show('record');
  expect(await screen.findByText('A command on the server made somebody an operator')).toBeVisible();
});
