import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import type { Batch, BatchCounts, BatchState } from '../api/batchKeys';
import type { BatchItem } from '../api/batches';
import { NoticesContext, type Notice } from '../contexts/notices';
import * as downloads from '../lib/download';
import { exampleContent } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import BatchRun from './BatchRun';

const BATCH = 'GET /api/batches/batch-1';
const ITEMS = 'GET /api/batches/batch-1/items';

function batch(state: BatchState, counts: Partial<BatchCounts>): Batch {
  const all = { pending: 0, processing: 0, completed: 0, failed: 0, cancelled: 0, ...counts };
  const total = Object.values(all).reduce((sum, count) => sum + count, 0);
  return { id: 'batch-1', name: 'Mugs', templateId: 'product-short', state, counts: { total, ...all }, createdAt: new Date().toISOString(), finishedAt: null };
}

function item(row: number, changes: Partial<BatchItem> = {}): BatchItem {
  return { row, status: 'completed', title: `Mug ${row}`, contentId: `content-${row}`, words: 80, failureReason: null, values: {}, ...changes };
}

function itemPage(items: BatchItem[]) {
  return { items, pagination: { total: items.length, page: 1, totalPages: 1, limit: 50 } };
}

function open(answers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer(answers);
  return { ...renderPage(<BatchRun />, { at: '/bulk/batch-1', path: '/bulk/:id' }), server };
}

test('while it runs: how far it is, and the ways to hold or end it', async () => {
  const running = batch('running', { pending: 1, processing: 1, completed: 1, failed: 1 });
  open({
    [BATCH]: () => success(running),
    [ITEMS]: () => success(itemPage([item(1), item(2, { status: 'failed', words: null, failureReason: 'AI service timeout', failureCode: 'timeout' }), item(3, { status: 'processing', words: null })])),
  });
  expect(screen.getByText('Loading the batch')).toBeVisible();
  expect(await screen.findByText('2 of 4 done · 1 failed')).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Done' })).toHaveAttribute('aria-valuenow', '2');
  const rows = within(await screen.findByRole('list', { name: 'Rows' }));
  expect(rows.getByText('80 words')).toBeVisible();
  expect(rows.getByText('The AI service didn’t answer.')).toBeVisible();
  expect(rows.getByRole('link', { name: 'Open Mug 1' })).toHaveAttribute('href', '/contents/content-1');
  expect(screen.getByRole('button', { name: 'Pause' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Cancel the rest' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show in the library' })).toHaveAttribute('href', '/contents?batchId=batch-1');
});

test('what failed is tried again: all of it, or one row', async () => {
  let now = batch('finished', { completed: 2, failed: 2 });
  const { server } = open({
    [BATCH]: () => success(now),
    [ITEMS]: () => success(itemPage([item(1, { status: 'failed', words: null })])),
    'POST /api/content/content-1/generate': () => success(exampleContent(), 202),
    'POST /api/batches/batch-1/retry-failed': () => {
      now = batch('running', { completed: 2, pending: 2 });
      return success(now, 202);
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Try Mug 1 again' }));
  await waitFor(() => expect(server.callsTo('POST /api/content/content-1/generate')).toHaveLength(1));
  await userEvent.click(screen.getByRole('button', { name: 'Try the 2 again' }));
  expect(await screen.findByText('2 of 4 done')).toBeVisible();
  expect(screen.queryByRole('button', { name: /^Try the/ })).toBeNull();
});

test('the rest is called off after a question only', async () => {
  const { server } = open({
    [BATCH]: () => success(batch('paused', { pending: 3, completed: 1 })),
    [ITEMS]: () => success(itemPage([])),
    'POST /api/batches/batch-1/cancel': () => success(batch('cancelled', { completed: 1, cancelled: 3 })),
  });
  expect(await screen.findByText('1 of 4 done · paused')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Resume' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the rest' }));
  const question = within(screen.getByRole('alertdialog', { name: 'Cancel 3 texts?' }));
  expect(server.callsTo('POST /api/batches/batch-1/cancel')).toHaveLength(0);
  await userEvent.click(question.getByRole('button', { name: 'Cancel the rest' }));
  await waitFor(() => expect(server.callsTo('POST /api/batches/batch-1/cancel')).toHaveLength(1));
});

test('when all is done there is nothing to hold, and the results are taken away', async () => {
  const handOver = vi.spyOn(downloads, 'handOver').mockImplementation(() => undefined);
  const { server } = open({
    [BATCH]: () => success(batch('finished', { completed: 3 })),
    [ITEMS]: () => success(itemPage([item(1)])),
    'GET /api/batches/batch-1/export': () => new Response('row', { headers: { 'Content-Disposition': 'attachment; filename="Mugs.csv"' } }),
  });
  expect(await screen.findByText('3 of 3 done')).toBeVisible();
  expect(screen.queryByRole('button', { name: /Pause|Cancel the rest|Try the/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Download' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Table (CSV)' }));
  await waitFor(() => expect(handOver.mock.calls[0]?.[1]).toBe('Mugs.csv'));
  expect(server.callsTo('GET /api/batches/batch-1/export')[0]?.query.get('format')).toBe('csv');
});

test('a batch that has ended is deleted after a question; if that fails, the page stays', async () => {
  let answer = failure(409, 'This batch has not ended yet');
  const { server, router } = open({
    [BATCH]: () => success(batch('finished', { completed: 1 })),
    [ITEMS]: () => success(itemPage([item(1)])),
    'DELETE /api/batches/batch-1': () => answer,
  });
  const remove = async () => {
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the batch' }));
    const question = within(screen.getByRole('alertdialog', { name: 'Delete this batch?' }));
    expect(question.getByText(/texts stay/)).toBeVisible();
    await userEvent.click(question.getByRole('button', { name: 'Delete the batch' }));
  };
  await remove();
  await waitFor(() => expect(server.callsTo('DELETE /api/batches/batch-1')).toHaveLength(1));
  expect(screen.getByText('Mug 1')).toBeVisible();
  answer = new Response(null, { status: 204 });
  await remove();
  await waitFor(() => expect(router.state.location.pathname).toBe('/bulk'));
  expect(server.callsTo('DELETE /api/batches/batch-1')).toHaveLength(2);
});

test('a person who has left before the batch is deleted stays where they are', async () => {
  let answer: (response: Response) => void = () => undefined;
  const show = vi.fn<(notice: Notice) => void>();
  fakeServer({
    [BATCH]: () => success(batch('finished', { completed: 1 })),
    [ITEMS]: () => success(itemPage([item(1)])),
    'DELETE /api/batches/batch-1': () => new Promise<Response>((resolve) => (answer = resolve)),
  });
  const page = (
    <NoticesContext value={{ show }}>
      <BatchRun />
    </NoticesContext>
  );
  const { router } = renderPage(page, { at: '/bulk/batch-1', path: '/bulk/:id' });
  await userEvent.click(await screen.findByRole('button', { name: 'Delete the batch' }));
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Delete the batch' }));
  await act(() => router.navigate('/elsewhere'));
  answer(new Response(null, { status: 204 }));
  await waitFor(() => expect(show).toHaveBeenCalledWith({ subject: 'Mugs', text: 'was deleted.', link: { to: '/bulk', label: 'Open your batches' } }));
  expect(router.state.location.pathname).toBe('/elsewhere');
});

test('rows are looked at by their state; none in it is said', async () => {
  open({
    [BATCH]: () => success(batch('finished', { completed: 1 })),
    [ITEMS]: ({ query }) => success(itemPage(query.get('status') === 'failed' ? [] : [item(1)])),
  });
  await screen.findByText('Mug 1');
  await userEvent.click(screen.getByRole('button', { name: 'Failed' }));
  expect(await screen.findByText('No row is in this state.')).toBeVisible();
});

test('when the failed rows become fewer, the last page of them is shown', async () => {
  const paged = (page: number, totalPages: number) => ({ items: [item(page)], pagination: { total: totalPages, page, totalPages, limit: 1 } });
  let pages = 2;
  const { queries } = open({
    [BATCH]: () => success(batch('finished', { failed: 2 })),
    [ITEMS]: ({ query }) => success(paged(Number(query.get('page')), pages)),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Later rows' }));
  await screen.findByText('Mug 2');
  pages = 1;
  await act(() => queries.invalidateQueries());
  expect(await screen.findByText('Mug 1')).toBeVisible();
});

test('its progress is announced at every quarter, when it is paused, and at the end', async () => {
  let now = batch('running', { pending: 4 });
  const { queries } = open({ [BATCH]: () => success(now), [ITEMS]: () => success(itemPage([])) });
  expect(await screen.findByText('Under way.')).toHaveAttribute('role', 'status');
  now = batch('running', { pending: 3, completed: 1 });
  await act(() => queries.invalidateQueries());
  expect(await screen.findByText('25% done.')).toHaveAttribute('role', 'status');
  expect(screen.getByText('1 of 4 done')).not.toHaveAttribute('role');
  now = batch('paused', { pending: 3, completed: 1 });
  await act(() => queries.invalidateQueries());
  expect(await screen.findByText('Paused. 25% done.')).toHaveAttribute('role', 'status');
  now = batch('finished', { completed: 3, failed: 1 });
  await act(() => queries.invalidateQueries());
  expect(await screen.findByText('3 of 4 ready, 1 failed')).toHaveAttribute('role', 'status');
});

test('a batch that is not there says so, and one that cannot be loaded is asked for again', async () => {
  let status = 503;
  open({ [BATCH]: () => failure(status, 'The database is away.'), [ITEMS]: () => success(itemPage([])) });
  expect(await screen.findByRole('alert')).toHaveTextContent('The database is away.');
  status = 404;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { name: "We can't find this batch" })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Go to your batches' })).toHaveAttribute('href', '/bulk');
});
