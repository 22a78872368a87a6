import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';

import type { Content } from '../../api/types';
import { draftsOf } from '../../lib/drafts';
import ContentDetail from '../../pages/ContentDetail';
import { ada, exampleContent } from '../../test/examples';
import { failure, fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';

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
  renderPage(<ContentDetail />, { at: '/contents/content-1', path: '/contents/:id' });
  await screen.findByRole('heading', { level: 1, name: content.title });
  return server;
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
    await userEvent.click(screen.getByRole('tab', { name: 'Versions' }));
    await userEvent.click(await screen.findByRole('button', { name: /v2.*You/ }));
    expect(await screen.findByText('This is the text now.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show changes' }));
    expect(await screen.findByText('Other')).toHaveProperty('tagName', 'DEL');
    expect(screen.getByText('First')).toHaveProperty('tagName', 'INS');

    await userEvent.click(screen.getByRole('button', { name: /v1.*Written by AI/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
    expect(await within(screen.getByRole('article', { name: 'The text' })).findByText('Other words.')).toBeVisible();
    expect(server.callsTo('POST /api/content/content-1/versions/1/restore')[0]?.headers.get('If-Match')).toBe('"4"');
  });

  test('that are not there yet are promised', async () => {
    await open(saved, { [VERSIONS]: () => success({ versions: [], pagination: { total: 0, page: 1, totalPages: 0, limit: 20 } }) });
    await userEvent.click(screen.getByRole('tab', { name: 'Versions' }));
    expect(await screen.findByText('Every change and every rewrite appears here.')).toBeVisible();
  });
});

test('the checks say what is kept and what is not, with the places', async () => {
  const finding = { spans: [], count: 0 };
  await open({
    ...saved,
    generatedText: '🍅 Delve into balconies.',
    checks: [
      { ...finding, check: 'length', passed: true, message: '4 words, 4 asked for.' },
      { ...finding, check: 'cliches', passed: false, message: 'One worn phrase.', spans: [{ start: 2, end: 12 }], count: 1 },
    ],
  }, {});
  await userEvent.click(screen.getByRole('tab', { name: 'Checks' }));
  expect(await screen.findByText('1 of 2 to look at.')).toBeVisible();
  expect(screen.getByText('Delve into')).toBeVisible();
  expect(screen.getAllByRole('listitem')[0]).toHaveTextContent(/^To look at:Worn phrases/);
});

describe('an edit that another one came before', () => {
  const mismatch = () => failure(412, 'The content has changed');

  async function edit(theirs: Content) {
    let isSaved = false;
    const server = await open(saved, {
      [PUT]: (call) => {
        if (call.headers.get('If-Match') === '"4"') {
          isSaved = true;
          return mismatch();
        }
        return success({ ...theirs, ...(call.body as object), revision: 6 });
      },
      [GET]: () => success(isSaved ? theirs : saved),
      'POST /api/content/content-1/versions': () => success(version(3, 'edited', theirs.generatedText), 201),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
    const field = await screen.findByLabelText('Text');
    await userEvent.clear(field);
    await userEvent.type(field, 'My words.');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    return server;
  }

  const theirs = { ...saved, generatedText: 'Their words.', revision: 5 };

  test('can be compared and kept: the other text becomes a version first', async () => {
    const server = await edit(theirs);
    await screen.findByRole('alertdialog', { name: /^This text was changed elsewhere at/ });
    await userEvent.click(screen.getByRole('button', { name: 'Compare' }));
    expect(screen.getByText('Their')).toHaveProperty('tagName', 'DEL');
    await userEvent.click(screen.getByRole('button', { name: 'Keep mine' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    const posts = server.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
    expect(posts).toEqual(['PUT content-1', 'POST versions', 'PUT content-1']);
    expect(server.callsTo(PUT)[1]?.headers.get('If-Match')).toBe('"5"');
    expect(draftsOf(place)).toEqual([]);
  });

  test('gives way to the other one, and is kept on this device', async () => {
    await edit(theirs);
    await userEvent.click(await screen.findByRole('button', { name: 'Use the other' }));
    expect(await screen.findByText('Their words.')).toBeVisible();
    expect(screen.getByText('Your unsaved edit is kept on this device.')).toBeVisible();
    expect(draftsOf(place).map(({ values }) => values)).toEqual([{ generatedText: 'My words.' }]);
  });

  test('of other fields is no conflict: both are kept', async () => {
    const server = await edit({ ...saved, title: 'Their title', revision: 5 });
    await waitFor(() => expect(server.callsTo(PUT)).toHaveLength(2));
    expect(server.callsTo(PUT)[1]?.headers.get('If-Match')).toBe('"5"');
    expect(await screen.findByRole('heading', { level: 1, name: 'Their title' })).toBeVisible();
  });
});

test('an edit that could not be sent is kept, and saved when the network is back', async () => {
  let isAway = true;
  const server = await open(saved, {
    [PUT]: (call) => (isAway ? Promise.reject(new TypeError('no network')) : success({ ...saved, ...(call.body as object), revision: 5 })),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  await userEvent.type(await screen.findByLabelText('Text'), ' And more.');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/^Not saved/)).toBeVisible();
  expect(draftsOf(place)).toHaveLength(1);
  isAway = false;
  act(() => void window.dispatchEvent(new Event('online')));
  expect(await screen.findByText('First words. And more.')).toBeVisible();
  expect(server.callsTo(PUT)).toHaveLength(2);
  expect(draftsOf(place)).toEqual([]);
});
