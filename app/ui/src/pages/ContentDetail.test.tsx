import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { contentKeys } from '../api/contentCache';
import type { Content } from '../api/types';
import { draftsOf, saveDraft } from '../lib/drafts';
import { applyEvent } from '../realtime/events';
import { ada, exampleContent, examplePage } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import { write, writtenText } from '../test/textField';
import ContentDetail from './ContentDetail';

const GET = 'GET /api/content/content-1';
const PUT = 'PUT /api/content/content-1';
const POST = 'POST /api/content/content-1';
const saved = exampleContent({ generationStatus: 'completed', generatedText: 'First words.', revision: 4 });
const surroundings = { at: '/contents/content-1', path: '/contents/:id' };
const place = { userId: ada.id, text: 'content-1' };

/** A fake server with one content, which counts its revisions. */
function serverWith(begun: Content = saved, more: Parameters<typeof fakeServer>[0] = {}) {
  let content = begun;
  return fakeServer({
    [GET]: () => success(content),
    [PUT]: ({ body }) => {
      content = { ...content, ...(body as object), revision: (content.revision ?? 0) + 1 };
      return success(content);
    },
    ...more,
  });
}

const bodies = (server: ReturnType<typeof fakeServer>) => server.callsTo(PUT).map(({ body }) => body);

test('a finished text opens in the editor and is saved by itself, over its revision', async () => {
  const server = serverWith();
  renderPage(<ContentDetail />, surroundings);
  expect(await writtenText()).toBe('First words.');
  await write('Second words.');
  expect(draftsOf(place).map(({ values }) => values)).toEqual([{ generatedText: 'Second words.' }]);
  await waitFor(() => expect(bodies(server)).toEqual([{ generatedText: 'Second words.' }]));
  expect(server.callsTo(PUT)[0]?.headers.get('If-Match')).toBe('"4"');
  expect(await screen.findByText(/^Saved /)).toBeVisible();
  expect(draftsOf(place)).toEqual([]);
});

test('the title is changed where it stands: Enter saves it, Escape puts it back, an empty one is refused', async () => {
  const server = serverWith();
  renderPage(<ContentDetail />, surroundings);
  await userEvent.click(await screen.findByRole('button', { name: 'Balcony tomatoes' }));
  await userEvent.clear(screen.getByLabelText('Title'));
  expect(screen.getByText('Give it a title.')).toBeVisible();
  await userEvent.type(screen.getByLabelText('Title'), 'Half{Escape}');
  expect(await screen.findByRole('button', { name: 'Balcony tomatoes' })).toHaveFocus();

  await userEvent.click(screen.getByRole('button', { name: 'Balcony tomatoes' }));
  await userEvent.keyboard('Tomatoes above the street{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Tomatoes above the street' })).toBeVisible();
  await waitFor(() => expect(bodies(server).at(-1)).toEqual({ title: 'Tomatoes above the street' }));
});

test('a text that was cleared needs attention, and is saved only when that is meant', async () => {
  const server = serverWith(saved, { [`${POST}/versions`]: () => success({}, 201) });
  renderPage(<ContentDetail />, surroundings);
  await write('');
  expect(await screen.findByText('Not saved: the text is empty.', { selector: ':not(.sr-only)' })).toBeVisible();
  expect(screen.getByText('Needs attention')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Save without a text' }));
  await waitFor(() => expect(bodies(server)).toEqual([{ generatedText: '' }]));
  expect(server.callsTo(`${POST}/versions`)).toHaveLength(1);
});

test('what this tab had not saved is taken up again', async () => {
  saveDraft(place, { generatedText: 'Kept words.' }, 'r4');
  const server = serverWith();
  renderPage(<ContentDetail />, surroundings);
  expect(await writtenText()).toBe('Kept words.');
  await waitFor(() => expect(bodies(server)).toEqual([{ generatedText: 'Kept words.' }]));
  await waitFor(() => expect(draftsOf(place)).toEqual([]));
});

test('a kept edit that was saved when the page was closed is not offered', async () => {
  saveDraft(place, { generatedText: 'First words.' }, 'r3');
  const server = serverWith();
  renderPage(<ContentDetail />, surroundings);
  expect(await writtenText()).toBe('First words.');
  expect(draftsOf(place)).toEqual([]);
  expect(bodies(server)).toEqual([]);
});

test('a kept edit of a text that was changed since is offered, and compared with it', async () => {
  saveDraft(place, { generatedText: 'Kept words.' }, 'r3');
  const server = serverWith(saved, { [PUT]: () => failure(412, 'The content has changed') });
  renderPage(<ContentDetail />, surroundings);
  expect(await writtenText()).toBe('First words.');
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  expect(await writtenText()).toBe('Kept words.');
  await screen.findByRole('alertdialog', { name: /^This text was changed in another tab at/ });
  expect(server.callsTo(PUT)[0]?.headers.get('If-Match')).toBe('"3"');

  await userEvent.click(screen.getByRole('button', { name: 'Use the other' }));
  expect(await writtenText()).toBe('First words.');
  expect(await screen.findByText('Your unsaved edit is kept on this device.')).toBeVisible();
});

test('a restored edit stays offered while there is no room on the device for what is in the editor', async () => {
  saveDraft(place, { generatedText: 'Kept words.' }, 'r3');
  serverWith(saved, { [PUT]: () => failure(503, 'Unavailable') });
  renderPage(<ContentDetail />, surroundings);
  const restore = await screen.findByRole('button', { name: 'Restore' });
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await userEvent.click(restore);
  expect(await writtenText()).toBe('Kept words.');
  expect(draftsOf(place).map(({ values }) => values)).toEqual([{ generatedText: 'Kept words.' }]);
  expect(restore).toBeVisible();
});

test('a text that is deleted elsewhere leaves what was typed, in the editor and afterwards', async () => {
  let isGone = false;
  const gone = () => failure(404, 'Content not found');
  serverWith(saved, { [GET]: () => (isGone ? gone() : success(saved)), [PUT]: gone });
  const { queries, unmount } = renderPage(<ContentDetail />, surroundings);
  await writtenText();
  isGone = true;
  await write('Second');
  await act(() => queries.invalidateQueries({ queryKey: contentKeys.detail('content-1') }));
  expect(await screen.findByText('This text was deleted elsewhere. Copy what you want to keep.')).toBeVisible();
  expect(await writtenText()).toBe('Second');

  unmount();
  renderPage(<ContentDetail />, surroundings);
  expect(await screen.findByLabelText('Your unsaved edit is kept on this device.')).toHaveValue('Second');
});

test('a text that is trashed elsewhere can still be read, and is restored where it was', async () => {
  let isTrashed = false;
  serverWith(saved, {
    [GET]: () => (isTrashed ? failure(404, 'Content not found') : success(saved)),
    'GET /api/content': ({ query }) => success(examplePage(query.get('trash') === 'true' && query.get('ids') === 'content-1' ? [saved] : [])),
    [`${POST}/untrash`]: () => {
      isTrashed = false;
      return success({ ...saved, revision: 6 });
    },
  });
  const { queries } = renderPage(<ContentDetail />, surroundings);
  await writtenText();
  isTrashed = true;
  act(() => void applyEvent(queries, 'content:changed', { contentId: 'content-1', revision: 5 }));
  expect(await screen.findByText('This text is in the trash.')).toBeVisible();
  const article = screen.getByRole('article', { name: 'The text' });
  await waitFor(() => expect(article).toHaveTextContent('First words.'));

  await userEvent.click(screen.getByRole('button', { name: 'Restore' }));
  expect(await writtenText()).toBe('First words.');
});

test('a text that is trashed here leads to the library, even if the news of it comes before the answer', async () => {
  let isTrashed = false;
  let answer: (response: Response) => void = () => undefined;
  const server = serverWith(saved, {
    [GET]: () => (isTrashed ? failure(404, 'Content not found') : success(saved)),
    'GET /api/content': () => success(examplePage([saved])),
    'DELETE /api/content/content-1': () => new Promise<Response>((resolve) => (answer = resolve)),
  });
  const { queries, router } = renderPage(<ContentDetail />, surroundings);
  await writtenText();
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Move to trash' }));
  await waitFor(() => expect(server.callsTo('DELETE /api/content/content-1')).toHaveLength(1));
  isTrashed = true;
  act(() => void applyEvent(queries, 'content:changed', { contentId: 'content-1', revision: 5 }));
  await waitFor(() => expect(queries.getQueryState(contentKeys.detail('content-1'))?.status).toBe('error'));
  answer(success(null));
  await waitFor(() => expect(router.state.location.pathname).toBe('/contents'));
});

test('a long text in the trash is said to be cut off; one that cannot be looked up is asked for again', async () => {
  let isDown = true;
  serverWith(saved, {
    [GET]: () => failure(404, 'Content not found'),
    'GET /api/content': () => (isDown ? failure(503, 'The database is away.') : success(examplePage([{ ...saved, truncated: true }]))),
  });
  renderPage(<ContentDetail />, surroundings);
  expect(await screen.findByRole('alert')).toHaveTextContent('The database is away.');
  expect(screen.queryByText(/belongs to another account/)).toBeNull();
  isDown = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Only the beginning is shown; restore it to read the rest.')).toBeVisible();
});

test('a failed text that is written by hand is a text like any other', async () => {
  const server = serverWith(exampleContent({ generationStatus: 'failed', failureReason: 'no', revision: 2 }), {
    [`${GET}/versions`]: () => success({ versions: [], pagination: { total: 0, page: 1, totalPages: 0, limit: 20 } }),
  });
  renderPage(<ContentDetail />, surroundings);
  await userEvent.click(await screen.findByRole('button', { name: 'Write it myself' }));
  await write('By hand.');
  await waitFor(() => expect(bodies(server)).toEqual([{ generatedText: 'By hand.' }]));
  expect(await screen.findByText('Draft')).toBeVisible();
});

test('the text is marked as final, with what is not saved yet', async () => {
  const server = serverWith();
  renderPage(<ContentDetail />, surroundings);
  await write('Last words.');
  await userEvent.click(screen.getByRole('button', { name: 'Mark as final' }));
  expect(await screen.findByText('Final')).toBeVisible();
  expect(bodies(server)).toEqual([{ generatedText: 'Last words.' }, { status: 'published' }]);
  expect(screen.getByRole('button', { name: 'Back to draft' })).toBeVisible();
});

test('the preview shows the text as it is read, without the title that stands above it', async () => {
  serverWith({ ...saved, generatedText: '# Balcony tomatoes\n\nSome **bold** words.' });
  renderPage(<ContentDetail />, surroundings);
  await userEvent.click(await screen.findByRole('button', { name: 'Preview' }));
  const article = await screen.findByRole('article', { name: 'The text' });
  await waitFor(() => expect(article).toHaveTextContent('Some bold words.'));
  expect(screen.getAllByRole('heading', { name: 'Balcony tomatoes' })).toHaveLength(1);
});
