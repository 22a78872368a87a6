import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { NoticesProvider } from '../../contexts/NoticesProvider';
import { failure, fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import WebhooksSection from './WebhooksSection';

const hook = {
  id: 'hook-1',
  url: 'https://example.com/hooks',
  events: ['content.generation.completed'],
  description: 'Shop',
  enabled: true,
  disabledAt: null,
  disabledReason: null,
  oldSecretUntil: null,
  createdAt: '2026-11-22T12:00:00Z',
};

const attempt = { at: '2026-11-22T12:00:01Z', statusCode: 500, response: '<b>busy</b>', error: null, durationMs: 84 };
const delivery = {
  id: 'delivery-1',
  messageId: 'msg_1',
  type: 'content.generation.completed',
  status: 'failed',
  attempts: [attempt, { ...attempt, at: '2026-11-22T12:00:09Z', statusCode: null, response: '', error: 'No answer in time', durationMs: 10_000 }],
  nextAttemptAt: null,
  createdAt: '2026-11-22T12:00:00Z',
};

function page(deliveries: unknown[], number = 1, totalPages = 1) {
  return success({ deliveries, pagination: { total: deliveries.length, page: number, totalPages, limit: 10 } });
}

function show() {
  return renderPage(
    <NoticesProvider>
      <WebhooksSection />
    </NoticesProvider>,
  );
}

test('a webhook is added; errors are shown at their fields, and the secret is shown once', async () => {
  let webhooks: unknown[] = [];
  const inside = [{ field: 'url', message: 'Must be a public address.' }];
  const server = fakeServer({
    'GET /api/webhooks': () => success({ webhooks }),
    'POST /api/webhooks': ({ body }) => {
      if ((body as { url: string }).url.includes('127')) return failure(422, 'Validation failed', inside);
      webhooks = [hook];
      return success({ ...hook, secret: 'whsec_abc' }, 201);
    },
  });
  const { queries } = show();
  expect(await screen.findByText('You have no webhooks yet.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Add webhook' }));
  const address = screen.getByLabelText('Address');
  expect(address).toHaveFocus();
  await userEvent.click(screen.getByRole('button', { name: 'Add webhook' }));
  expect(await screen.findByText('Enter an address.')).toBeVisible();
  await userEvent.type(address, 'https://127.0.0.1/');
  for (const box of screen.getAllByRole('checkbox', { checked: true })) await userEvent.click(box);
  await userEvent.click(screen.getByRole('button', { name: 'Add webhook' }));
  expect(await screen.findByText('Choose at least one.')).toBeVisible();
  await userEvent.click(screen.getByRole('checkbox', { name: /A text is ready/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Add webhook' }));
  expect(await screen.findByText('Must be a public address.')).toBeVisible();
  await userEvent.clear(address);
  await userEvent.type(address, ' https://example.com/hooks ');
  await userEvent.type(screen.getByLabelText('Description (optional)'), 'Shop');
  await userEvent.click(screen.getByRole('button', { name: 'Add webhook' }));
  expect(await screen.findByText('whsec_abc')).toBeVisible();
  expect(server.callsTo('POST /api/webhooks').at(-1)?.body).toEqual({
    url: 'https://example.com/hooks',
    events: ['content.generation.completed'],
    description: 'Shop',
  });
  expect(await screen.findByRole('heading', { name: 'https://example.com/hooks' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: "I've saved it" }));
  expect(screen.queryByText('whsec_abc')).toBeNull();
  expect(JSON.stringify(queries.getQueryCache().getAll().map(({ state }) => state.data))).not.toContain('whsec_abc');
});

test('a test message is sent and its delivery shown, until it has arrived', async () => {
  const pending = { ...delivery, type: 'webhook.test', status: 'pending', attempts: [] };
  let deliveries: unknown[] = [];
  fakeServer({
    'GET /api/webhooks': () => success({ webhooks: [hook] }),
    'GET /api/webhooks/hook-1/deliveries': () => {
      const answer = page(deliveries);
      deliveries = [{ ...pending, status: 'delivered', attempts: [{ ...attempt, statusCode: 200 }] }];
      return answer;
    },
    'POST /api/webhooks/hook-1/test': () => {
      deliveries = [pending];
      return success(pending, 202);
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Send test' }));
  expect(await screen.findByText('Test message')).toBeVisible();
  expect(await screen.findByText('Delivered', {}, { timeout: 4_000 })).toBeVisible();
});

test('the log shows every attempt, as text, and a message is sent again', async () => {
  const server = fakeServer({
    'GET /api/webhooks': () => success({ webhooks: [hook] }),
    'GET /api/webhooks/hook-1/deliveries': ({ query }) => (query.get('page') === '1' ? page([delivery], 1, 2) : page([], 2, 2)),
    'POST /api/webhooks/hook-1/deliveries/delivery-1/redeliver': () => failure(503, 'Away'),
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Deliveries' }));
  expect(await screen.findByText('Not delivered')).toBeVisible();
  await userEvent.click(screen.getByText('2 attempts'));
  expect(screen.getByText(/Answered 500 after 84 ms/)).toBeVisible();
  expect(screen.getByText('<b>busy</b>')).toBeVisible();
  expect(screen.getByText(/No answer in time after 10.0 s/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Send again' }));
  expect(await screen.findByText('Away')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Older' }));
  await waitFor(() => expect(server.callsTo('GET /api/webhooks/hook-1/deliveries').at(-1)?.query.get('page')).toBe('2'));
});

test('one that was turned off says why, and is turned on again', async () => {
  let shown: object = { ...hook, enabled: false, disabledReason: 'gone', disabledAt: '2026-11-22T12:00:00Z' };
  const server = fakeServer({
    'GET /api/webhooks': () => success({ webhooks: [shown] }),
    'PUT /api/webhooks/hook-1': () => {
      shown = hook;
      return success(hook);
    },
  });
  show();
  expect(await screen.findByText(/your server answered 410/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Send test' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Turn on again' }));
  expect(await screen.findByRole('button', { name: 'Send test' })).toBeVisible();
  expect(server.callsTo('PUT /api/webhooks/hook-1')[0]?.body).toEqual({ enabled: true });
});

test('replacing a secret and deleting a webhook require confirmation', async () => {
  let webhooks = [hook];
  const server = fakeServer({
    'GET /api/webhooks': () => success({ webhooks }),
    'POST /api/webhooks/hook-1/rotate': () => success({ ...hook, secret: 'whsec_new' }),
    'DELETE /api/webhooks/hook-1': () => {
      webhooks = [];
      return new Response(null, { status: 204 });
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'New secret' }));
  expect(server.callsTo('POST /api/webhooks/hook-1/rotate')).toEqual([]);
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Make a new secret' }));
  expect(await screen.findByText('whsec_new')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Delete' }));
  expect(await screen.findByText('You have no webhooks yet.')).toBeVisible();
});

test('a webhook is changed in its place', async () => {
  const server = fakeServer({
    'GET /api/webhooks': () => success({ webhooks: [hook] }),
    'PUT /api/webhooks/hook-1': () => success(hook),
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Change' }));
  await userEvent.clear(screen.getByLabelText('Description (optional)'));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByRole('button', { name: 'Change' })).toBeVisible();
  expect(server.callsTo('PUT /api/webhooks/hook-1')[0]?.body).toEqual({ url: hook.url, events: hook.events, description: null });
});
