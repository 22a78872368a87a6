import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import OutgoingRequests from '../OutgoingRequests';
import { NoticesContext, type Notice } from '../../contexts/notices';
import { beginRequest } from '../../hooks/useRequestDraft';
import { hasDrafts, NEW_TEXT, ownDraft, saveDraft } from '../../lib/drafts';
import { newTextOf } from '../../lib/newText';
import { ada, exampleContent } from '../../test/examples';
import { failure, fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import CreateForm from './CreateForm';

const GENERATE = 'POST /api/content/generate';
const surroundings = { at: '/contents/new', path: '/contents/new' };

function fill(label: RegExp | string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

test('typed text survives a reload', async () => {
  const { unmount } = renderPage(<CreateForm />, surroundings);
  await userEvent.click(screen.getByRole('radio', { name: /Social media post/ }));
  await userEvent.type(screen.getByLabelText(/^Title/), 'Repair café');
  await userEvent.type(screen.getByLabelText(/^Brief/), 'Invite the neighbours');
  await screen.findByLabelText('Audience');
  fill('Audience', 'people next door');
  unmount();

  renderPage(<CreateForm />, surroundings);

  expect(screen.getByRole('radio', { name: /Social media post/ })).toBeChecked();
  expect(screen.getByLabelText(/^Title/)).toHaveValue('Repair café');
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('Invite the neighbours');
  expect(await screen.findByLabelText('Audience')).toHaveValue('people next door');
});

test.each([
  [/Product description/, 'Key features'],
  [/Product description/, 'Price'],
  [/Social media post/, 'Call to action'],
  [/Blog post/, 'Audience'],
  [/Blog post/, 'Keywords'],
  [/Blog post/, 'Words to avoid'],
])('%s: what was typed as “%s” alone survives a reload, and can be started again', async (type, label) => {
  const { unmount } = renderPage(<CreateForm />, surroundings);
  await userEvent.click(screen.getByRole('radio', { name: type }));
  await screen.findByLabelText('Audience');
  expect(screen.queryByRole('button', { name: 'Start again' })).not.toBeInTheDocument();
  fill(label, 'My own words');
  unmount();

  renderPage(<CreateForm />, surroundings);

  expect(await screen.findByLabelText(label)).toHaveValue('My own words');
  await userEvent.click(screen.getByRole('button', { name: 'Start again' }));
  expect(screen.getByLabelText(label)).toHaveValue('');
  expect(await screen.findByText('My own words')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText(label)).toHaveValue('My own words');
});

test("another person does not find the draft in the same tab", async () => {
  const { unmount } = renderPage(<CreateForm />, surroundings);
  await userEvent.type(screen.getByLabelText(/^Brief/), 'Private');
  unmount();

  const auth = { state: { status: 'authenticated' as const, user: { ...ada, id: 'user-2' } } };
  renderPage(<CreateForm />, { ...surroundings, auth });

  expect(screen.getByLabelText(/^Brief/)).toHaveValue('');
});

test('a request is sent once, at once, its draft forgotten, its type remembered, and its page opened', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  const { router, unmount } = renderPage(<CreateForm />, surroundings);
  await userEvent.click(screen.getByRole('radio', { name: /Product description/ }));
  fill(/^Title/, '  Balcony tomatoes ');
  fill(/^Brief/, 'How to grow them');

  await userEvent.dblClick(screen.getByRole('button', { name: 'Write it' }));

  await waitFor(() => expect(router.state.location.pathname).toBe('/contents/content-1'));
  expect(server.callsTo(GENERATE).map((call) => call.body)).toEqual([
    { contentType: 'product', title: 'Balcony tomatoes', prompt: 'How to grow them', runAt: 'now' },
  ]);
  expect(server.callsTo(GENERATE)[0]?.headers.get('Idempotency-Key')).toMatch(/^\w+$/);
  expect(hasDrafts(ada.id)).toBe(false);
  unmount();
  renderPage(<CreateForm />, surroundings);
  expect(screen.getByRole('radio', { name: /Product description/ })).toBeChecked();
});

test('the options become the brief, and a text without a title gets the first words of its request for now', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, 'How to grow\ntomatoes');
  await screen.findByLabelText('Audience');
  fill('Audience', ' city people ');
  fill('Tone', 'Warm');
  fill('Language', 'de');
  await userEvent.click(screen.getByRole('button', { name: 'Medium' }));
  fill('Keywords', 'balcony, tomatoes,');
  fill('Words to avoid', 'revolutionary');
  fill('What must be said', 'Water daily\n\nSun');
  fireEvent.change(screen.getByLabelText('Start'), { target: { value: 'later' } });
  expect(screen.getByRole('group', { name: 'What you will get' })).toHaveTextContent(
    'About 800 words · in German · for city people · starts after the usual delay',
  );

  await userEvent.click(screen.getByRole('button', { name: 'Schedule it' }));

  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  expect(server.callsTo(GENERATE)[0]?.body).toEqual({
    contentType: 'blog',
    title: 'How to grow tomatoes',
    autoTitle: true,
    prompt: 'How to grow\ntomatoes',
    brief: {
      audience: 'city people',
      tone: 'Warm',
      language: 'de',
      words: 800,
      keywords: ['balcony', 'tomatoes'],
      avoid: ['revolutionary'],
      points: ['Water daily', 'Sun'],
    },
  });
});

test('the fields of a type become part of the brief, and are ignored for other types', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  renderPage(<CreateForm />, surroundings);
  await userEvent.click(screen.getByRole('radio', { name: /Product description/ }));
  fill(/^Brief/, 'An apron');
  await screen.findByLabelText('Key features');
  fill('Key features', 'Linen');
  fill('Price', '29 €');
  await userEvent.click(screen.getByRole('radio', { name: /Social media post/ }));
  fill('Network', 'LinkedIn');
  fill('Call to action', 'Come by');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  expect(server.callsTo(GENERATE)[0]?.body).toMatchObject({
    brief: { audience: 'people on LinkedIn', words: 120, points: ['Linen', 'Call to action: Come by'] },
  });
});

test("the server's errors stand in their places, also those of the brief", async () => {
  fakeServer({
    [GENERATE]: () =>
      failure(422, 'Validation failed', [
        { field: 'prompt', message: 'Must not contain the NUL character.' },
        { field: 'brief.keywords.0', message: 'Too long.' },
      ]),
  });
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, 'P');
  await screen.findByLabelText('Keywords');
  fill('Keywords', 'k');

  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));

  const prompt = screen.getByLabelText(/^Brief/);
  await waitFor(() => expect(prompt).toBeInvalid());
  expect(prompt).toHaveAccessibleDescription(/Must not contain the NUL character\./);
  expect(screen.getByLabelText('Keywords')).toHaveAccessibleDescription(/Too long\./);
  await waitFor(() => expect(prompt).toHaveFocus());
});

test('a retry after a lost response has the same key, also after a reload, and another request has another', async () => {
  let isLost = true;
  const server = fakeServer({ [GENERATE]: () => (isLost ? Promise.reject(new TypeError('lost')) : success(exampleContent(), 202)) });
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, 'One');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('cannot be reached');
  cleanup();
  renderPage(<CreateForm />, surroundings);
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(2));
  isLost = false;
  fill(/^Brief/, 'Another');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(3));
  const [first, second, third] = server.callsTo(GENERATE).map((call) => call.headers.get('Idempotency-Key'));
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('characters are counted as the server counts them, and too many are not sent', async () => {
  const server = fakeServer({});
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, '🍅'.repeat(10_001));
  expect(screen.getByText('10,001 / 10,000')).toBeVisible();

  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));

  expect(await screen.findByText('At most 10,000 characters.')).toBeVisible();
  expect(server.calls).toHaveLength(0);
});

test('each type has an example that can be taken over', async () => {
  renderPage(<CreateForm />, surroundings);
  for (const type of [/Blog post/, /Product description/, /Social media post/]) {
    await userEvent.click(screen.getByRole('radio', { name: type }));
    const shown = screen.getByRole('region', { name: 'Example' }).textContent;
    await userEvent.click(screen.getByRole('button', { name: 'Use example' }));
    const title = screen.getByLabelText<HTMLInputElement>(/^Title/).value;
    const prompt = screen.getByLabelText<HTMLTextAreaElement>(/^Brief/).value;
    expect(title).not.toBe('');
    expect(shown).toContain(title);
    expect(shown).toContain(prompt);
  }
});

test('a request that is started again does not cost the draft that was there', async () => {
  saveDraft({ userId: ada.id, text: NEW_TEXT }, { contentType: 'blog', title: 'Mine', prompt: 'My own words' });
  beginRequest(ada.id, newTextOf({ contentType: 'social', title: 'Failed', prompt: 'The failed request' }));
  renderPage(<CreateForm />, surroundings);
  expect(screen.getByLabelText(/^Title/)).toHaveValue('Failed');

  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));

  expect(screen.getByLabelText(/^Title/)).toHaveValue('Mine');
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('My own words');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText(/^Title/)).toHaveValue('Failed');
});

/** A server whose response the test releases. */
function slowServer() {
  let answer: (response: Response) => void = () => undefined;
  const answered = new Promise<Response>((resolve) => (answer = resolve));
  return { server: fakeServer({ [GENERATE]: () => answered }), answer: (response: Response) => answer(response) };
}

async function send(server: ReturnType<typeof fakeServer>) {
  fill(/^Brief/, 'Sent');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
}

test('a response after the page was left discards no new input and does not navigate', async () => {
  const { server, answer } = slowServer();
  const { show, router } = renderWithNotices();
  await send(server);
  await act(() => router.navigate('/elsewhere'));
  const begun = { contentType: 'blog', title: '', prompt: 'Begun since' };
  saveDraft({ userId: ada.id, text: NEW_TEXT }, begun);
  answer(success(exampleContent(), 202));

  await waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ link: { to: '/contents/content-1', label: 'Watch it' } })));
  expect(router.state.location.pathname).toBe('/elsewhere');
  expect(ownDraft({ userId: ada.id, text: NEW_TEXT })?.values).toEqual(begun);
});

test('text typed while a request is being sent is kept', async () => {
  const { server, answer } = slowServer();
  const { router } = renderPage(<CreateForm />, surroundings);
  await send(server);
  fill(/^Brief/, 'Sent, and typed on');
  answer(success(exampleContent(), 202));
  await waitFor(() => expect(router.state.location.pathname).toBe('/contents/content-1'));
  expect(ownDraft({ userId: ada.id, text: NEW_TEXT })?.values.prompt).toBe('Sent, and typed on');
});

test('a request rejected after the page was left is reported and stays in the form', async () => {
  const { server, answer } = slowServer();
  const { show, router } = renderWithNotices();
  await send(server);
  await act(() => router.navigate('/elsewhere'));
  answer(failure(503, 'The database is away'));
  await waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ subject: 'Sent', link: { to: '/contents/new', label: 'Open the form' } })));
  expect(ownDraft({ userId: ada.id, text: NEW_TEXT })?.values.prompt).toBe('Sent');
});

function renderWithNotices() {
  const show = vi.fn<(notice: Notice) => void>();
  const page = (
    <NoticesContext value={{ show }}>
      <CreateForm />
      <OutgoingRequests />
    </NoticesContext>
  );
  return { show, router: renderPage(page, surroundings).router };
}

test('an example can be undone, and then there is nothing left of it', async () => {
  const { show } = renderWithNotices();
  await userEvent.click(screen.getByRole('button', { name: 'Use example' }));
  expect(screen.getByLabelText(/^Title/)).not.toHaveValue('');
  act(() => show.mock.calls[0]?.[0].action?.run());
  expect(screen.getByLabelText(/^Title/)).toHaveValue('');
  expect(hasDrafts(ada.id)).toBe(false);
});

test('text typed in addition to an example is kept when the example is undone or another draft is continued', async () => {
  const { show } = renderWithNotices();
  await userEvent.click(screen.getByRole('radio', { name: /Product description/ }));
  fill(/^Brief/, 'My own words');
  await userEvent.click(screen.getByRole('button', { name: 'Use example' }));
  fill('Key features', 'Linen');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Key features')).toHaveValue('');
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('My own words');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Key features')).toHaveValue('Linen');

  act(() => show.mock.calls[0]?.[0].action?.run());
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('My own words');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Key features')).toHaveValue('Linen');
});

test('Start again empties the form, and Undo restores it', async () => {
  const { show } = renderWithNotices();
  fill(/^Brief/, 'My own words');
  await userEvent.click(screen.getByRole('button', { name: 'Start again' }));
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('');
  expect(screen.getByText('An unfinished text is kept on this device.')).toBeVisible();
  act(() => show.mock.calls[0]?.[0].action?.run());
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('My own words');
});

test('without a brief nothing is sent, and the field that lacks it has the focus', async () => {
  const server = fakeServer({});
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, '\u200b\u3164');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText('Describe what you want.')).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText(/^Brief/)).toHaveFocus());
  expect(server.calls).toHaveLength(0);
});

test('without a network the request is kept, can be taken back, and is sent under its key once the network is there', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const { show } = renderWithNotices();
  fill(/^Brief/, 'Typed in a tunnel');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText("You're offline. Your request is saved and will be sent when you're back.")).toBeVisible();
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('Typed in a tunnel');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByRole('button', { name: 'Cancel' })).toBeVisible();
  expect(server.calls).toHaveLength(0);

  online.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event('online')));

  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  await waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ link: { to: '/contents/content-1', label: 'Watch it' } })));
  expect(hasDrafts(ada.id)).toBe(false);
});

test('a request that is cancelled while it is being sent says so, and is not written twice when it is sent again', async () => {
  const server = fakeServer({ [GENERATE]: () => new Promise<Response>(() => undefined) });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  renderWithNotices();
  fill(/^Brief/, 'Typed in a tunnel');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await screen.findByRole('button', { name: 'Cancel' });
  online.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event('online')));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  // After a reload the form knows no key of its own.
  cleanup();
  const { show } = renderWithNotices();
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(2));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(show).toHaveBeenCalledWith({ text: expect.stringMatching(/^It may have been sent already\./) as string });
  cleanup();
  renderWithNotices();
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(3));
  expect(new Set(server.callsTo(GENERATE).map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
});

test.each<[type: RegExp, typed: Record<string, string>, brief: object]>([
  [/Product description/, { 'Key features': 'Linen', Price: '29 €' }, { points: ['Linen', 'Price: 29 €'] }],
  [
    /Social media post/,
    { Network: 'LinkedIn', Emoji: 'a few emoji', 'Call to action': 'Come by', Tone: 'Warm' },
    { audience: 'people on LinkedIn', tone: 'Warm, a few emoji', words: 120, points: ['Call to action: Come by'] },
  ],
])('a request that could not be sent, %s, comes back into the form as it was typed, and is sent in full', async (type, typed, brief) => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  renderWithNotices();
  await userEvent.click(screen.getByRole('radio', { name: type }));
  fill(/^Brief/, 'Typed in a tunnel');
  await screen.findByLabelText('Audience');
  for (const [field, value] of Object.entries(typed)) fill(field, value);
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));

  for (const [field, value] of Object.entries(typed)) expect(screen.getByLabelText(field)).toHaveValue(value);
  expect(screen.getByLabelText('Audience')).toHaveValue('');
  expect(screen.getByLabelText('Length in words')).toHaveValue('');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByRole('button', { name: 'Cancel' })).toBeVisible();
  online.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event('online')));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  expect(server.callsTo(GENERATE)[0]?.body).toMatchObject({ brief });
});

test('where too many texts are waiting the request is kept until there is room', async () => {
  fakeServer({ [GENERATE]: () => new Response(JSON.stringify({ success: false, message: 'Too many', statusCode: 429, code: 'queue_full' }), { status: 429 }) });
  renderWithNotices();
  fill(/^Brief/, 'The twenty-first');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText(/We'll add this one as soon as there's room/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Keep it here' }));
  expect(screen.getByLabelText(/^Brief/)).toHaveValue('The twenty-first');
});

test('a time that has passed is not taken, and one to come is sent with its offset', async () => {
  const server = fakeServer({ [GENERATE]: () => success(exampleContent(), 202) });
  renderPage(<CreateForm />, surroundings);
  fill(/^Brief/, 'Later');
  await screen.findByLabelText('Start');
  fireEvent.change(screen.getByLabelText('Start'), { target: { value: 'at' } });
  fill('Date and time', '2020-01-01T08:00');
  await userEvent.click(screen.getByRole('button', { name: 'Schedule it' }));
  expect(await screen.findByText('Choose a time that is still to come.')).toBeVisible();
  const tomorrow = new Date(Date.now() + 86_400_000);
  const local = new Date(tomorrow.getTime() - tomorrow.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  fill('Date and time', local);
  await userEvent.click(screen.getByRole('button', { name: 'Schedule it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  expect(server.callsTo(GENERATE)[0]?.body).toMatchObject({ runAt: new Date(local).toISOString() });
});
