import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { contentKeys } from '../api/contentCache';
import { draftsOf, saveDraft } from '../lib/drafts';
import { ada, exampleContent } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import ContentDetail from './ContentDetail';

const GET = 'GET /api/content/content-1';
const PUT = 'PUT /api/content/content-1';
const saved = exampleContent({ generationStatus: 'completed', generatedText: 'First words.' });
const surroundings = { at: '/contents/content-1', path: '/contents/:id' };
const place = { userId: ada.id, text: 'content-1' };

async function openEditor(text: string) {
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const field = await screen.findByLabelText('Text');
  await userEvent.clear(field);
  if (text !== '') await userEvent.type(field, text);
}

test('typing keeps the changed fields on this device, and typing them back forgets them', async () => {
  fakeServer({ [GET]: () => success(saved) });
  renderPage(<ContentDetail />, surroundings);
  await openEditor('Second');
  expect(draftsOf(place).map((draft) => draft.values)).toEqual([{ generatedText: 'Second' }]);

  await userEvent.clear(screen.getByLabelText('Text'));
  await userEvent.type(screen.getByLabelText('Text'), 'First words.');
  expect(draftsOf(place)).toEqual([]);
});

test('cancelling after typing asks, and only then forgets', async () => {
  fakeServer({ [GET]: () => success(saved) });
  renderPage(<ContentDetail />, surroundings);
  await openEditor('Second');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Keep editing' }));
  expect(screen.getByLabelText('Text')).toHaveValue('Second');

  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
  expect(screen.queryByLabelText('Text')).toBeNull();
  expect(draftsOf(place)).toEqual([]);
});

test('a text that was cleared is saved only when that is confirmed', async () => {
  const server = fakeServer({ [GET]: () => success(saved), [PUT]: () => success({ ...saved, generatedText: '' }) });
  renderPage(<ContentDetail />, surroundings);
  await openEditor('');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('alertdialog', { name: 'Save without a text?' });
  expect(server.callsTo(PUT)).toHaveLength(0);

  await userEvent.click(screen.getByRole('button', { name: 'Save without a text' }));
  await waitFor(() => expect(server.callsTo(PUT).map((call) => call.body)).toEqual([{ generatedText: '' }]));
  expect(await screen.findByText('Empty')).toBeVisible();
});

test('a kept edit is taken up over what is saved, and a later change elsewhere is told', async () => {
  saveDraft(place, { generatedText: 'Kept words' }, '2026-11-22T11:00:00Z');
  const server = fakeServer({ [GET]: () => success(saved), [PUT]: () => success({ ...saved, generatedText: 'Kept words' }) });
  renderPage(<ContentDetail />, surroundings);
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  expect(await screen.findByLabelText('Text')).toHaveValue('Kept words');
  expect(screen.getByText(/was changed elsewhere/)).toBeVisible();

  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(server.callsTo(PUT).map((call) => call.body)).toEqual([{ generatedText: 'Kept words' }]));
  await waitFor(() => expect(draftsOf(place)).toEqual([]));
});

test('a text that is deleted elsewhere leaves what was typed, in the form and afterwards', async () => {
  let isGone = false;
  fakeServer({ [GET]: () => (isGone ? failure(404, 'Content not found') : success(saved)) });
  const { queries, unmount } = renderPage(<ContentDetail />, surroundings);
  await openEditor('Second');
  isGone = true;
  await queries.invalidateQueries({ queryKey: contentKeys.detail('content-1') });
  expect(await screen.findByText(/was deleted elsewhere/)).toBeVisible();
  expect(screen.getByLabelText('Text')).toHaveValue('Second');

  unmount();
  renderPage(<ContentDetail />, surroundings);
  expect(await screen.findByLabelText('Your unsaved edit is kept on this device.')).toHaveValue('Second');
});
