import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { NoticesContext, type Notice } from '../contexts/notices';
import { applyEvent } from '../realtime/events';
import { exampleContent, examplePage } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import ContentList from './ContentList';

const LIST = 'GET /api/content';

test('the filters and the page of the address are what is asked for', async () => {
  const server = fakeServer({ [LIST]: () => success(examplePage([exampleContent()], 30)) });
  renderPage(<ContentList />, { at: '/contents?type=product&status=published&generation=failed&page=2' });

  await screen.findByRole('link', { name: 'Balcony tomatoes' });

  expect(Object.fromEntries(server.callsTo(LIST)[0]?.query ?? [])).toEqual({
    page: '2',
    limit: '25',
    contentType: 'product',
    status: 'published',
    generationStatus: 'failed',
  });
  expect(screen.getByLabelText('Type')).toHaveValue('product');
  expect(screen.getByLabelText('Status')).toHaveValue('published');
  expect(screen.getByLabelText('Generation')).toHaveValue('failed');
  expect(within(screen.getByLabelText('Generation')).getByRole('option', { name: 'Cancelled' })).toBeVisible();
});

test('a chosen filter goes into the address and leads back to the first page', async () => {
  const server = fakeServer({ [LIST]: () => success(examplePage([exampleContent()], 30)) });
  const { router } = renderPage(<ContentList />, { at: '/contents?page=3' });
  await screen.findByRole('link', { name: 'Balcony tomatoes' });

  await userEvent.selectOptions(screen.getByLabelText('Type'), 'Blog posts');

  expect(router.state.location.search).toBe('?type=blog');
  await waitFor(() => expect(server.callsTo(LIST).at(-1)?.query.get('contentType')).toBe('blog'));
  expect(server.callsTo(LIST).at(-1)?.query.get('page')).toBe('1');
});

test('nonsense in the address is as if it were not there', async () => {
  const server = fakeServer({ [LIST]: () => success(examplePage([exampleContent()])) });
  renderPage(<ContentList />, { at: '/contents?type=poem&status=&generation=done&page=-1&batchId=mugs' });
  await screen.findByRole('link', { name: 'Balcony tomatoes' });
  expect(Object.fromEntries(server.callsTo(LIST)[0]?.query ?? [])).toEqual({ page: '1', limit: '25' });
});

test('the tag and the size of a page stand in the address, and stay in every view', async () => {
  const server = fakeServer({
    [LIST]: () => success(examplePage([exampleContent()], 80)),
    'GET /api/content/tags': () => success({ tags: [{ tag: 'Spring', count: 2 }] }),
  });
  const { router } = renderPage(<ContentList />, { at: '/contents' });
  await userEvent.selectOptions(await screen.findByLabelText('Tag'), 'Spring (2)');
  await userEvent.selectOptions(screen.getByLabelText('Texts per page'), '50');
  expect(router.state.location.search).toBe('?tag=Spring&size=50');
  await waitFor(() => expect(server.callsTo(LIST).at(-1)?.query.toString()).toBe('page=1&limit=50&tag=Spring'));
  expect(screen.getByRole('link', { name: 'Needs attention' })).toHaveAttribute('href', '/contents?tag=Spring&generation=failed&size=50');
});

test('the texts of one batch are shown by its name, until that is taken off', async () => {
  const batchId = '0123456789abcdef01234567';
  const server = fakeServer({
    [LIST]: () => success(examplePage([exampleContent()], 30)),
    [`GET /api/batches/${batchId}`]: () => success({ id: batchId, name: 'Mugs' }),
  });
  const { router } = renderPage(<ContentList />, { at: `/contents?batchId=${batchId}` });
  const chip = await screen.findByRole('button', { name: 'Batch: Mugs Show all texts' });
  expect(server.callsTo(LIST)[0]?.query.get('batchId')).toBe(batchId);
  expect(screen.getByRole('link', { name: 'Final' })).toHaveAttribute('href', `/contents?batchId=${batchId}&status=published`);

  await userEvent.click(chip);
  expect(router.state.location.search).toBe('');
  await waitFor(() => expect(server.callsTo(LIST).at(-1)?.query.has('batchId')).toBe(false));
  expect(screen.queryByRole('button', { name: /^Batch/ })).toBeNull();
});

test('a failed text says why in plain words, and is tried again where it stands', async () => {
  const failed = exampleContent({ generationStatus: 'failed', failureCode: 'timeout', failureReason: 'deadline exceeded' });
  let isAgain = false;
  const server = fakeServer({
    [LIST]: () => success(examplePage([isAgain ? exampleContent() : failed])),
    'POST /api/content/content-1/generate': () => {
      isAgain = true;
      return success(exampleContent(), 202);
    },
  });
  renderPage(<ContentList />, { at: '/contents' });
  const row = within(await screen.findByRole('article'));
  expect(await row.findByText('The AI service didn’t answer.')).toBeVisible();
  expect(row.getByText('Needs attention')).toBeVisible();

  await userEvent.click(await row.findByRole('button', { name: 'Try Balcony tomatoes again' }));

  expect(await row.findByText('Waiting')).toBeVisible();
  expect(row.queryByRole('button', { name: /again/ })).toBeNull();
  expect(server.callsTo('POST /api/content/content-1/generate')[0]?.body).toEqual({ runAt: 'now' });
});

test('the menu of a text leads to a template made of it', async () => {
  fakeServer({ [LIST]: () => success(examplePage([exampleContent()])) });
  const { router } = renderPage(<ContentList />, { at: '/contents' });
  await userEvent.click(await screen.findByRole('button', { name: 'More for Balcony tomatoes' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Use as template' }));
  expect(router.state.location.pathname + router.state.location.search).toBe('/templates/new?from=content-1');
});

test('paging keeps the filters', async () => {
  fakeServer({ [LIST]: () => success(examplePage([exampleContent()], 30)) });
  renderPage(<ContentList />, { at: '/contents?type=blog&page=2' });
  const pages = within(await screen.findByRole('navigation', { name: 'Pages' }));
  expect(pages.getByRole('link', { name: 'Older' })).toHaveAttribute('href', '/contents?type=blog&page=3');
  expect(pages.getByRole('link', { name: 'Newer' })).toHaveAttribute('href', '/contents?type=blog');
});

test('a generation that finishes changes its badge by itself', async () => {
  const finished = exampleContent({ generationStatus: 'completed', generatedText: 'Tomatoes love the sun.' });
  let isFinished = false;
  fakeServer({ [LIST]: () => success(examplePage([isFinished ? finished : exampleContent()])) });
  const { queries } = renderPage(<ContentList />, { at: '/contents' });
  const card = within(await screen.findByRole('article'));
  expect(card.getByText('Waiting')).toBeVisible();

  isFinished = true;
  act(() => {
    applyEvent(queries, 'content:generation:completed', { contentId: 'content-1', generatedText: 'Tomatoes love the sun.' });
  });

  expect(await card.findByText('Draft')).toBeVisible();
  expect(card.getByText('Tomatoes love the sun.')).toBeVisible();
});

test('an empty account is led to its first text', async () => {
  fakeServer({ [LIST]: () => success(examplePage([])) });
  renderPage(<ContentList />, { at: '/contents' });
  expect(await screen.findByRole('link', { name: 'Write one' })).toHaveAttribute('href', '/contents/new');
  expect(screen.getByRole('link', { name: 'Import a spreadsheet' })).toHaveAttribute('href', '/bulk');
  expect(screen.getByRole('link', { name: 'Browse templates' })).toHaveAttribute('href', '/templates');
  expect(screen.queryByRole('group', { name: 'Filters' })).toBeNull();
});

test('filters that match nothing say so, and lead out', async () => {
  fakeServer({ [LIST]: () => success(examplePage([])) });
  renderPage(<ContentList />, { at: '/contents?type=product&q=mug' });
  expect(await screen.findByText('Nothing matches')).toBeVisible();
  expect(document.body).toHaveTextContent('No texts match “mug” in Product descriptions.');
  expect(screen.getByRole('link', { name: 'Clear filters' })).toHaveAttribute('href', '/contents');
});

test('a list that cannot be loaded says why and can be tried again', async () => {
  let isDown = true;
  fakeServer({ [LIST]: () => (isDown ? failure(503, 'The database is temporarily unavailable') : success(examplePage([exampleContent()]))) });
  renderPage(<ContentList />, { at: '/contents' });
  expect(await screen.findByRole('alert')).toHaveTextContent('The database is temporarily unavailable');

  isDown = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

  expect(await screen.findByRole('link', { name: 'Balcony tomatoes' })).toBeVisible();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('what is searched for goes into the address, and a search has more instead of numbered pages', async () => {
  const server = fakeServer({
    [LIST]: ({ query }) =>
      success(
        query.has('q')
          ? { contents: [exampleContent()], pagination: { limit: 10, nextCursor: 'next' } }
          : examplePage([exampleContent()], 30),
      ),
  });
  const { router } = renderPage(<ContentList />, { at: '/contents?page=2&sort=title' });
  await screen.findByRole('link', { name: 'Balcony tomatoes' });

  await userEvent.type(screen.getByRole('searchbox', { name: 'Search titles and texts' }), 'mug ');

  const more = await screen.findByRole('link', { name: 'More' });
  expect(router.state.location.search).toBe('?q=mug&sort=title');
  expect(server.callsTo(LIST).at(-1)?.query.get('q')).toBe('mug');
  expect(more).toHaveAttribute('href', '/contents?q=mug&sort=title&cursor=next');

  await userEvent.type(screen.getByRole('searchbox', { name: 'Search titles and texts' }), 's');
  await waitFor(() => expect(router.state.location.search).toBe('?q=mug+s&sort=title'));
  await act(() => router.navigate(-1));
  expect(router.state.location.search, 'a search is one step back, however it was typed').toBe('?page=2&sort=title');
});

const BULK = 'POST /api/content/bulk';

test('several texts go to the trash after a question, and come back by Undo', async () => {
  const both = [exampleContent(), exampleContent({ id: 'content-2', title: 'Other' })];
  const server = fakeServer({
    [LIST]: () => success(examplePage(both)),
    [BULK]: ({ body }) => success({ done: (body as { ids: string[] }).ids, notDone: [] }),
  });
  const show = vi.fn<(notice: Notice) => void>();
  renderPage(
    <NoticesContext value={{ show }}>
      <ContentList />
    </NoticesContext>,
    { at: '/contents' },
  );
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Select Other' }));
  expect(screen.getByRole('checkbox', { name: 'Select all on this page' })).toBePartiallyChecked();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select all on this page' }));
  const bar = within(await screen.findByRole('region', { name: 'Selected texts' }));
  await userEvent.click(bar.getByRole('button', { name: 'Move to trash' }));
  expect(server.callsTo(BULK)).toHaveLength(0);
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Move to trash' }));

  await waitFor(() => expect(show).toHaveBeenCalled());
  expect(show.mock.calls[0]?.[0].text).toBe('2 texts moved to the trash.');
  act(() => show.mock.calls[0]?.[0].action?.run());
  await waitFor(() => expect(server.callsTo(BULK)).toHaveLength(2));
  expect(server.callsTo(BULK).map(({ body }) => body)).toEqual([
    { ids: ['content-2', 'content-1'], action: 'trash' },
    { ids: ['content-2', 'content-1'], action: 'untrash' },
  ]);
});

test('the trash is asked for by its address, and each text there can be restored', async () => {
  const server = fakeServer({
    [LIST]: () => success(examplePage([exampleContent()])),
    [BULK]: () => success({ done: ['content-1'], notDone: [] }),
  });
  renderPage(<ContentList />, { at: '/contents?trash=true' });
  await userEvent.click(await screen.findByRole('button', { name: 'Restore Balcony tomatoes' }));
  expect(server.callsTo(LIST)[0]?.query.get('trash')).toBe('true');
  await waitFor(() => expect(server.callsTo(BULK)[0]?.body).toEqual({ ids: ['content-1'], action: 'untrash' }));
});
