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

  expect(Object.fromEntries(server.calls[0]?.query ?? [])).toEqual({
    page: '2',
    limit: '10',
    contentType: 'product',
    status: 'published',
    generationStatus: 'failed',
  });
  expect(screen.getByLabelText('Type')).toHaveValue('product');
  expect(screen.getByLabelText('Status')).toHaveValue('published');
  expect(screen.getByLabelText('Generation')).toHaveValue('failed');
});

test('a chosen filter goes into the address and leads back to the first page', async () => {
  const server = fakeServer({ [LIST]: () => success(examplePage([exampleContent()], 30)) });
  const { router } = renderPage(<ContentList />, { at: '/contents?page=3' });
  await screen.findByRole('link', { name: 'Balcony tomatoes' });

  await userEvent.selectOptions(screen.getByLabelText('Type'), 'Blog posts');

  expect(router.state.location.search).toBe('?type=blog');
  await waitFor(() => expect(server.calls.at(-1)?.query.get('contentType')).toBe('blog'));
  expect(server.calls.at(-1)?.query.get('page')).toBe('1');
});

test('nonsense in the address is as if it were not there', async () => {
  const server = fakeServer({ [LIST]: () => success(examplePage([exampleContent()])) });
  renderPage(<ContentList />, { at: '/contents?type=poem&status=&generation=done&page=-1' });
  await screen.findByRole('link', { name: 'Balcony tomatoes' });
  expect(Object.fromEntries(server.calls[0]?.query ?? [])).toEqual({ page: '1', limit: '10' });
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

  expect(await card.findByText('Ready')).toBeVisible();
  expect(card.getByText('Tomatoes love the sun.')).toBeVisible();
});

test('an empty account is led to its first text', async () => {
  fakeServer({ [LIST]: () => success(examplePage([])) });
  renderPage(<ContentList />, { at: '/contents' });
  expect(await screen.findByRole('link', { name: 'Write the first one' })).toHaveAttribute('href', '/contents/new');
  expect(screen.queryByRole('group', { name: 'Filters' })).toBeNull();
});

test('filters that match nothing say so, and lead out', async () => {
  fakeServer({ [LIST]: () => success(examplePage([])) });
  renderPage(<ContentList />, { at: '/contents?type=blog' });
  expect(await screen.findByText('Nothing matches')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show everything' })).toHaveAttribute('href', '/contents');
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
  expect(server.calls.at(-1)?.query.get('q')).toBe('mug');
  expect(more).toHaveAttribute('href', '/contents?q=mug&sort=title&cursor=next');
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
  const bar = within(screen.getByRole('region', { name: 'Selected texts' }));
  await userEvent.click(bar.getByRole('button', { name: 'Select all 2 here' }));
  await userEvent.click(bar.getByRole('button', { name: 'Delete' }));
  expect(server.callsTo(BULK)).toHaveLength(0);
  await userEvent.click(screen.getByRole('button', { name: 'Move to trash' }));

  await waitFor(() => expect(show).toHaveBeenCalled());
  expect(show.mock.calls[0]?.[0].text).toBe('2 texts moved to the trash.');
  act(() => show.mock.calls[0]?.[0].action?.run());
  await waitFor(() => expect(server.callsTo(BULK)).toHaveLength(2));
  expect(server.callsTo(BULK).map(({ body }) => body)).toEqual([
    { ids: ['content-1', 'content-2'], action: 'trash' },
    { ids: ['content-1', 'content-2'], action: 'untrash' },
  ]);
});

test('the trash is asked for by its address, and each text there can be restored', async () => {
  const server = fakeServer({
    [LIST]: () => success(examplePage([exampleContent()])),
    [BULK]: () => success({ done: ['content-1'], notDone: [] }),
  });
  renderPage(<ContentList />, { at: '/contents?trash=true' });
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  expect(server.callsTo(LIST)[0]?.query.get('trash')).toBe('true');
  await waitFor(() => expect(server.callsTo(BULK)[0]?.body).toEqual({ ids: ['content-1'], action: 'untrash' }));
});
