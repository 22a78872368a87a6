import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

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
