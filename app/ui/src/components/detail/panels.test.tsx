import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';

import type { Content } from '../../api/types';
import { NoticesContext, type Notice } from '../../contexts/notices';
import { draftsOf } from '../../lib/drafts';
import ContentDetail from '../../pages/ContentDetail';
import { ada, exampleContent } from '../../test/examples';
import { closeTab } from '../../test/closeTab';
import { failure, fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import { write, writtenText } from '../../test/textField';

const GET = 'GET /api/content/content-1';
const PUT = 'PUT /api/content/content-1';
const VERSIONS = `${GET}/versions`;
const place = { userId: ada.id, text: 'content-1' };
const saved = exampleContent({ generationStatus: 'completed', generatedText: 'First words.', revision: 4, version: 2 });

function version(number: number, source: string, text: string) {
  return { number, source, title: 'T', words: 2, excerpt: text, model: null, usage: null, jobId: null, createdAt: '2026-11-22T12:00:00Z', text };
}

async function open(content: Content, answers: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer({ [GET]: () => success(content), ...answers });
  const show = vi.fn<(notice: Notice) => void>();
  const page = (
    <NoticesContext value={{ show }}>
      <ContentDetail />
    </NoticesContext>
  );
  renderPage(page, { at: '/contents/content-1', path: '/contents/:id' });
  await screen.findByRole('heading', { level: 1, name: content.title });
  return { ...server, show };
}

describe('the versions', () => {
  const pages = {
    [VERSIONS]: () =>
      success({
        versions: [version(2, 'edited', 'First words.'), version(1, 'generated', 'Other words.')],
        pagination: { total: 2, page: 1, totalPages: 1, limit: 20 },
      }),
    [`${VERSIONS}/1`]: () => success(version(1, 'generated', 'Other words.')),
    [`${VERSIONS}/2`]: () => success(version(2, 'edited', 'First words.')),
  };

  test('are listed with who made them, shown, compared, and restored over the revision that is shown', async () => {
    const server = await open(saved, {
      ...pages,
      [`${VERSIONS}/1/diff/2`]: () => success({ changes: [{ op: 'delete', text: 'Other' }, { op: 'insert', text: 'First' }, { op: 'equal', text: ' words.' }] }),
      'POST /api/content/content-1/versions/1/restore': () => success({ ...saved, generatedText: 'Other words.', revision: 5, version: 3 }),
    });
    await userEvent.click(await screen.findByRole('tab', { name: 'Versions' }));
    await userEvent.click(await screen.findByRole('button', { name: /v2.*You/ }));
    expect(await screen.findByText('This is the text now.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show changes' }));
    expect(await screen.findByText('Other')).toHaveProperty('tagName', 'DEL');
    expect(screen.getByText('First')).toHaveProperty('tagName', 'INS');

    await userEvent.click(screen.getByRole('button', { name: /v1.*Written by AI/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
    await waitFor(async () => expect(await writtenText()).toBe('Other words.'));
    expect(server.callsTo('POST /api/content/content-1/versions/1/restore')[0]?.headers.get('If-Match')).toBe('"4"');
  });

  test('that are not there yet are promised', async () => {
    await open(saved, { [VERSIONS]: () => success({ versions: [], pagination: { total: 0, page: 1, totalPages: 0, limit: 20 } }) });
    await userEvent.click(await screen.findByRole('tab', { name: 'Versions' }));
    expect(await screen.findByText('Every change and every rewrite appears here.')).toBeVisible();
  });
});

test('the checks show which requirements are met and which are not, with the places', async () => {
  const finding = { spans: [], count: 0 };
  await open({
    ...saved,
    generatedText: '🍅 Delve into balconies.',
    checks: [
      { ...finding, check: 'length', passed: true, message: '4 words, 4 asked for.' },
      { ...finding, check: 'cliches', passed: false, message: 'One worn phrase.', spans: [{ start: 2, end: 12 }], count: 1 },
    ],
  }, {});
  await userEvent.click(await screen.findByRole('tab', { name: 'Checks' }));
  expect(await screen.findByText('1 of 2 to look at.')).toBeVisible();
  expect(screen.getByText('Delve into')).toBeVisible();
  expect(screen.getAllByRole('listitem')[0]).toHaveTextContent(/^To look at:Worn phrases/);
});

test('restoring a version saves unsaved changes first, and the next save does not undo it', async () => {
  let content: Content = saved;
  const next = (changes: object) => success((content = { ...content, ...changes, revision: (content.revision ?? 0) + 1 }));
  const server = await open(saved, {
    [GET]: () => success(content),
    [PUT]: ({ body }) => next(body as object),
    [VERSIONS]: () => success({ versions: [version(1, 'generated', 'Other words.')], pagination: { total: 1, page: 1, totalPages: 1, limit: 20 } }),
    [`${VERSIONS}/1`]: () => success(version(1, 'generated', 'Other words.')),
    'POST /api/content/content-1/versions/1/restore': () => next({ generatedText: 'Other words.' }),
  });
  await write('Not saved yet.');
  await userEvent.click(await screen.findByRole('tab', { name: 'Versions' }));
  await userEvent.click(await screen.findByRole('button', { name: /v1/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  await waitFor(async () => expect(await writtenText()).toBe('Other words.'));
  const changes = () => server.calls.filter(({ method }) => method !== 'GET').map(({ method, headers }) => `${method} ${headers.get('If-Match') ?? ''}`);
  expect(changes()).toEqual(['PUT "4"', 'POST "5"']);
  await write('Other words, and more.');
  await waitFor(() => expect(changes()).toEqual(['PUT "4"', 'POST "5"', 'PUT "6"']));
});

test('an edit that could not be sent says so, and is saved when the network is back', async () => {
  let isAway = true;
  const server = await open(saved, {
    [PUT]: (call) => (isAway ? Promise.reject(new TypeError('no network')) : success({ ...saved, ...(call.body as object), revision: 5 })),
  });
  await write('First words. And more.');
  expect(await screen.findByText('Not saved: offline', { selector: ':not(.sr-only)' })).toBeVisible();
  expect(draftsOf(place)).toHaveLength(1);
  isAway = false;
  act(() => void window.dispatchEvent(new Event('online')));
  expect(await screen.findByText(/^Saved /)).toBeVisible();
  expect(server.callsTo(PUT).at(-1)?.body).toEqual({ generatedText: 'First words. And more.' });
  expect(draftsOf(place)).toEqual([]);
});

describe('the request', () => {
  const AGAIN = 'POST /api/content/content-1/generate';
  const brief = () => screen.findByLabelText('Brief');

  test('keeps what is typed while it is sent', async () => {
    let answer: (response: Response) => void = () => undefined;
    const server = await open(saved, { [AGAIN]: () => new Promise<Response>((resolve) => (answer = resolve)) });
    const again = { ...saved, prompt: 'Sent', generationStatus: 'pending', jobId: 'job-2' } as const;
    fireEvent.change(await brief(), { target: { value: 'Sent' } });
    fireEvent.change(screen.getByLabelText('What should be different this time?'), { target: { value: 'More' } });
    await userEvent.click(screen.getByRole('button', { name: 'Write it again' }));
    await waitFor(() => expect(server.callsTo(AGAIN)).toHaveLength(1));
    fireEvent.change(await brief(), { target: { value: 'Sent, and typed on' } });
    answer(success(again));
    expect(await screen.findByRole('button', { name: 'Write this instead' })).toBeVisible();
    expect(await brief()).toHaveValue('Sent, and typed on');
    expect(screen.getByLabelText('What should be different this time?')).toHaveValue('');
    cleanup();
    await open(again, {});
    expect(await brief()).toHaveValue('Sent, and typed on');
    expect(screen.getByLabelText('What should be different this time?')).toHaveValue('');
  });

  test('that is refused while another panel is open says so', async () => {
    let answer: (response: Response) => void = () => undefined;
    const server = await open(saved, { [AGAIN]: () => new Promise<Response>((resolve) => (answer = resolve)), [VERSIONS]: () => success({ versions: [] }) });
    fireEvent.change(await brief(), { target: { value: 'Sent' } });
    await userEvent.click(screen.getByRole('button', { name: 'Write it again' }));
    await waitFor(() => expect(server.callsTo(AGAIN)).toHaveLength(1));
    await userEvent.click(screen.getByRole('tab', { name: 'Versions' }));
    answer(failure(503, 'The database is away'));
    await waitFor(() => expect(server.show).toHaveBeenCalledWith(expect.objectContaining({ subject: saved.title, text: 'could not be sent: The database is away' })));
  });

  test('that was changed is found again after its tab was closed', async () => {
    await open(saved, {});
    fireEvent.change(await brief(), { target: { value: 'Unsent' } });
    cleanup();
    closeTab();
    await open(saved, {});
    await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
    expect(await brief()).toHaveValue('Unsent');
  });
});
