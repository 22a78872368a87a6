import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { NoticesContext, type Notice } from '../contexts/notices';
import { beginRequest } from '../hooks/useRequestDraft';
import { hasDrafts, NEW_TEXT, saveDraft } from '../lib/drafts';
import { ada, exampleContent } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import ContentCreate from './ContentCreate';

const GENERATE = 'POST /api/content/generate';
const surroundings = { at: '/contents/new', path: '/contents/new' };

test('what was typed is still there after a reload', async () => {
  const { unmount } = renderPage(<ContentCreate />, surroundings);
  await userEvent.click(screen.getByRole('radio', { name: /Social media post/ }));
  await userEvent.type(screen.getByLabelText('Title'), 'Repair café');
  await userEvent.type(screen.getByLabelText('Brief'), 'Invite the neighbours');
  unmount();

  renderPage(<ContentCreate />, surroundings);

  expect(screen.getByRole('radio', { name: /Social media post/ })).toBeChecked();
  expect(screen.getByLabelText('Title')).toHaveValue('Repair café');
  expect(screen.getByLabelText('Brief')).toHaveValue('Invite the neighbours');
});

test("another person does not find the draft in the same tab", async () => {
  const { unmount } = renderPage(<ContentCreate />, surroundings);
  await userEvent.type(screen.getByLabelText('Title'), 'Private');
  unmount();

  const auth = { state: { status: 'authenticated' as const, user: { ...ada, id: 'user-2' } } };
  renderPage(<ContentCreate />, { ...surroundings, auth });

  expect(screen.getByLabelText('Title')).toHaveValue('');
});

test('a request is sent once, its draft forgotten, and its page opened', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  const { router } = renderPage(<ContentCreate />, surroundings);
  await userEvent.type(screen.getByLabelText('Title'), '  Balcony tomatoes ');
  await userEvent.type(screen.getByLabelText('Brief'), 'How to grow them');

  await userEvent.dblClick(screen.getByRole('button', { name: 'Write it' }));

  await waitFor(() => expect(router.state.location.pathname).toBe('/contents/content-1'));
  expect(server.callsTo(GENERATE).map((call) => call.body)).toEqual([
    { contentType: 'blog', title: 'Balcony tomatoes', prompt: 'How to grow them' },
  ]);
  expect(localStorage).toHaveLength(0);
});

test("the server's errors stand in their places", async () => {
  fakeServer({ [GENERATE]: () => failure(422, 'Validation failed', [{ field: 'prompt', message: 'Must not contain the NUL character.' }]) });
  renderPage(<ContentCreate />, surroundings);
  await userEvent.type(screen.getByLabelText('Title'), 'T');
  await userEvent.type(screen.getByLabelText('Brief'), 'P');

  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));

  const prompt = screen.getByLabelText('Brief');
  await waitFor(() => expect(prompt).toBeInvalid());
  expect(prompt).toHaveAccessibleDescription(/Must not contain the NUL character\./);
});

test('characters are counted as the server counts them, and too many are not sent', async () => {
  const server = fakeServer({});
  renderPage(<ContentCreate />, surroundings);
  await userEvent.type(screen.getByLabelText('Title'), 'T');
  fireEvent.change(screen.getByLabelText('Brief'), { target: { value: '🍅'.repeat(10_001) } });
  expect(screen.getByText('10,001 / 10,000')).toBeVisible();

  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));

  expect(await screen.findByText('At most 10,000 characters.')).toBeVisible();
  expect(server.calls).toHaveLength(0);
});

test('each type has an example that can be taken over', async () => {
  renderPage(<ContentCreate />, surroundings);
  for (const type of [/Blog post/, /Product description/, /Social media post/]) {
    await userEvent.click(screen.getByRole('radio', { name: type }));
    const shown = screen.getByRole('region', { name: 'Example' }).textContent;
    await userEvent.click(screen.getByRole('button', { name: 'Use example' }));
    const title = screen.getByLabelText<HTMLInputElement>('Title').value;
    const prompt = screen.getByLabelText<HTMLTextAreaElement>('Brief').value;
    expect(title).not.toBe('');
    expect(shown).toContain(title);
    expect(shown).toContain(prompt);
  }
});

test('a request that is started again does not cost the draft that was there', async () => {
  saveDraft({ userId: ada.id, text: NEW_TEXT }, { contentType: 'blog', title: 'Mine', prompt: 'My own words' });
  beginRequest(ada.id, { contentType: 'social', title: 'Failed', prompt: 'The failed request' });
  renderPage(<ContentCreate />, surroundings);
  expect(screen.getByLabelText('Title')).toHaveValue('Failed');

  await userEvent.click(screen.getByRole('button', { name: 'Continue it' }));

  expect(screen.getByLabelText('Title')).toHaveValue('Mine');
  expect(screen.getByLabelText('Brief')).toHaveValue('My own words');
  await userEvent.click(screen.getByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Title')).toHaveValue('Failed');
});

test('an example can be undone, and then there is nothing left of it', async () => {
  const show = vi.fn<(notice: Notice) => void>();
  renderPage(
    <NoticesContext value={{ show }}>
      <ContentCreate />
    </NoticesContext>,
    surroundings,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Use example' }));
  expect(screen.getByLabelText('Title')).not.toHaveValue('');
  act(() => show.mock.calls[0]?.[0].action?.run());
  expect(screen.getByLabelText('Title')).toHaveValue('');
  expect(hasDrafts(ada.id)).toBe(false);
});

test('a title that cannot be seen is none, and the first field that is refused has the focus', async () => {
  const server = fakeServer({});
  renderPage(<ContentCreate />, surroundings);
  fireEvent.change(screen.getByLabelText('Title'), { target: { value: '\u200b\u3164' } });
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText('Give it a title.')).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText('Title')).toHaveFocus());
  expect(server.calls).toHaveLength(0);
});
