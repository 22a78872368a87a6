import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import type { Template } from '../api/templates';
import { NoticesContext, type Notice } from '../contexts/notices';
import { closeTab } from '../test/closeTab';
import { exampleContent, exampleTemplate } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import TemplateEdit from './TemplateEdit';
import TemplateUse from './TemplateUse';
import Templates from './Templates';

const LIST = 'GET /api/templates';

const builtIn = exampleTemplate();
const own = exampleTemplate({ id: 'own-1', name: 'Our mugs', builtIn: false });

function open(templates: Template[], others: Parameters<typeof fakeServer>[0] = {}) {
  const server = fakeServer({ [LIST]: () => success({ templates }), ...others });
  const show = vi.fn<(notice: Notice) => void>();
  const view = renderPage(
    <NoticesContext value={{ show }}>
      <Templates />
    </NoticesContext>,
    { at: '/templates' },
  );
  return { ...view, server, show };
}

test('templates load, and whoever has none of their own reads where to get one', async () => {
  open([builtIn]);
  expect(screen.getByText('Loading your templates')).toBeVisible();
  const yours = within(await screen.findByRole('region', { name: 'Yours' }));
  expect(yours.getByText(/^You have no template of your own yet\./)).toBeVisible();
  const shelf = within(screen.getByRole('region', { name: 'Built in' }));
  expect(shelf.getByRole('link', { name: 'Product (short)' })).toHaveAttribute('href', '/templates/product-short');
  expect(shelf.getByText('2 variables')).toBeVisible();
  expect(screen.queryByText('Loading your templates')).toBeNull();
});

test('templates that cannot be loaded are asked for again', async () => {
  let isDown = true;
  open([], { [LIST]: () => (isDown ? failure(503, 'The database is away.') : success({ templates: [builtIn] })) });
  expect(await screen.findByRole('alert')).toHaveTextContent('The database is away.');
  expect(screen.queryByRole('region', { name: 'Built in' })).toBeNull();
  isDown = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Product (short)' })).toBeVisible();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a template that is built in is copied, and the copy is opened', async () => {
  const { server, router } = open([builtIn], { 'POST /api/templates': ({ body }) => success({ ...own, ...(body as object), id: 'copy-1' }, 201) });
  await userEvent.click(await screen.findByRole('button', { name: 'More for Product (short)' }));
  expect(screen.queryByRole('menuitem', { name: 'Delete' })).toBeNull();
  await userEvent.click(screen.getByRole('menuitem', { name: 'Make a copy to edit' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/templates/copy-1'));
  expect(server.callsTo('POST /api/templates')[0]?.body).toMatchObject({ name: 'Product (short) (copy)', prompt: builtIn.prompt });
});

test('a template is deleted without a question, and made again by Undo', async () => {
  const { server, show } = open([own], {
    'DELETE /api/templates/own-1': () => new Response(null, { status: 204 }),
    'POST /api/templates': () => success(own, 201),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'More for Our mugs' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
  await waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  expect(show.mock.calls[0]?.[0]).toMatchObject({ subject: 'Our mugs', text: 'was deleted.' });
  show.mock.calls[0]?.[0].action?.run();
  await waitFor(() => expect(server.callsTo('POST /api/templates')[0]?.body).toMatchObject({ name: 'Our mugs', title: own.title }));
});

const GENERATE = 'POST /api/content/generate';

function use(others: Parameters<typeof fakeServer>[0] = {}, at = '/templates/own-1/use') {
  const server = fakeServer({ [LIST]: () => success({ templates: [own] }), ...others });
  const show = vi.fn<(notice: Notice) => void>();
  const page = (
    <NoticesContext value={{ show }}>
      <TemplateUse />
    </NoticesContext>
  );
  return { ...renderPage(page, { at, path: '/templates/:id/use' }), server, show };
}

test('a variable without a value is named at its field, and nothing is sent', async () => {
  const { server } = use();
  await userEvent.type(await screen.findByLabelText('Product name'), 'Mug');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText(/^features has no value\./)).toBeVisible();
  expect(screen.getByLabelText('Features')).toHaveFocus();
  expect(server.callsTo(GENERATE)).toHaveLength(0);
});

test('what the server refuses stands at its field, and what was typed stays', async () => {
  use({ [GENERATE]: () => failure(422, 'Validation failed', [{ field: 'variables.features', message: 'Is too long.' }]) });
  await userEvent.type(await screen.findByLabelText('Product name'), 'Mug');
  await userEvent.type(screen.getByLabelText('Features'), 'blue');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  expect(await screen.findByText('Is too long.')).toBeVisible();
  expect(screen.getByLabelText('Features')).toHaveValue('blue');
});

test('values are shown in their places, never read as templates, and lead to the text', async () => {
  const { server, router } = use({ [GENERATE]: () => success(exampleContent({ id: 'content-9' }), 202) });
  await userEvent.type(await screen.findByLabelText('Product name'), '{{{{features}}');
  await userEvent.type(screen.getByLabelText('Features'), 'blue');
  expect(screen.getByRole('region', { name: 'Preview' })).toHaveTextContent('Describe {{features}}: blue');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/contents/content-9'));
  expect(server.callsTo(GENERATE)[0]?.body).toEqual({ templateId: 'own-1', variables: { product_name: '{{features}}', features: 'blue' }, runAt: 'now' });
});

test('a template that is gone says so and leads back', async () => {
  use({}, '/templates/other/use');
  expect(await screen.findByText("We can't find this template")).toBeVisible();
  expect(screen.getByRole('link', { name: 'Go to templates' })).toHaveAttribute('href', '/templates');
});

test('a person who has left before the answer stays where they are, and is told where the text is', async () => {
  let answer: (response: Response) => void = () => undefined;
  const { server, router, show } = use({ [GENERATE]: () => new Promise<Response>((resolve) => (answer = resolve)) });
  await userEvent.type(await screen.findByLabelText('Product name'), 'Mug');
  await userEvent.type(screen.getByLabelText('Features'), 'blue');
  await userEvent.click(screen.getByRole('button', { name: 'Write it' }));
  await waitFor(() => expect(server.callsTo(GENERATE)).toHaveLength(1));
  await act(() => router.navigate('/elsewhere'));
  answer(success(exampleContent(), 202));
  await waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ text: 'was sent.', link: { to: '/contents/content-1', label: 'Watch it' } })));
  expect(router.state.location.pathname).toBe('/elsewhere');
});

test('values are found again after their tab was closed', async () => {
  const { unmount } = use();
  await userEvent.type(await screen.findByLabelText('Product name'), 'Mug');
  unmount();
  closeTab();
  use();
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Product name')).toHaveValue('Mug');
  expect(screen.queryByRole('button', { name: 'Continue it' })).toBeNull();
});

const ONE = '/api/templates/own-1';

/** The editor over a server that stores the template. */
function edit(at = '/templates/own-1', others: Parameters<typeof fakeServer>[0] = {}) {
  const stored = { current: { ...own, updatedAt: '2026-11-22T12:00:00Z' } };
  const put = (changes: object) => success((stored.current = { ...stored.current, ...changes }));
  const server = fakeServer({
    [LIST]: () => success({ templates: [stored.current] }),
    [`GET ${ONE}`]: () => success(stored.current),
    [`PUT ${ONE}`]: ({ body }) => put(body as object),
    ...others,
  });
  const show = vi.fn<(notice: Notice) => void>();
  const page = (
    <NoticesContext value={{ show }}>
      <TemplateEdit />
    </NoticesContext>
  );
  return { ...renderPage(page, { at, path: at.startsWith('/templates/new') ? '/templates/new' : '/templates/:id' }), server, stored, show };
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const click = (name: string) => userEvent.click(screen.getByRole('button', { name }));

test('an edit is saved over what another tab has saved since', async () => {
  const { stored } = edit();
  await screen.findByLabelText('Name');
  stored.current.prompt = 'Theirs {{product_name}}';
  type('Name', 'Mine');
  await click('Save');
  await waitFor(() => expect(stored.current).toMatchObject({ name: 'Mine', prompt: 'Theirs {{product_name}}' }));
  expect(screen.getByLabelText('Brief')).toHaveValue('Theirs {{product_name}}');
});

test('a field that another tab has changed, too, is a question, and neither answer loses words', async () => {
  const { stored, server } = edit();
  await screen.findByLabelText('Name');
  stored.current.name = 'Theirs';
  type('Name', 'Mine');
  await click('Save');
  await screen.findByRole('alertdialog', { name: /^This template was changed in another tab at/ });
  expect(server.callsTo(`PUT ${ONE}`)).toHaveLength(0);
  await click('Use the other');
  expect(screen.getByLabelText('Name')).toHaveValue('Theirs');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Name')).toHaveValue('Mine');
  await click('Save');
  await userEvent.click(await screen.findByRole('button', { name: 'Keep mine' }));
  await waitFor(() => expect(stored.current.name).toBe('Mine'));
});

test('the question about a type that another tab has changed, too, names the types as the form does', async () => {
  const { stored } = edit();
  fireEvent.change(await screen.findByLabelText('Type'), { target: { value: 'blog' } });
  stored.current.contentType = 'social';
  await click('Save');
  await screen.findByRole('alertdialog');
  await click('Compare');
  expect(screen.getByRole('region', { name: 'From the other one to yours' })).toHaveTextContent(/Social.*Blog.*post/);
});

test('what is typed while a template is saved stays an unsaved edit of it', async () => {
  let answer: (response: Response) => void = () => undefined;
  const CREATE = 'POST /api/templates';
  const { server, router, unmount } = edit('/templates/new', { [CREATE]: () => new Promise<Response>((resolve) => (answer = resolve)) });
  for (const label of ['Name', 'Title of each text', 'Brief']) type(label, 'Sent');
  await click('Save');
  await waitFor(() => expect(server.callsTo(CREATE)).toHaveLength(1));
  type('Name', 'Sent, and typed on');
  answer(success({ ...own, name: 'Sent' }, 201));
  await waitFor(() => expect(router.state.location.pathname).toBe('/templates/own-1'));
  unmount();
  edit();
  expect(await screen.findByLabelText('Name')).toHaveValue('Sent, and typed on');
});

test.each([
  ['typed on', 'Sent, and typed on'],
  ['changed back', own.name],
])('a field that is %s while it is saved stays so, also after a reload, and is saved without a question', async (_, typed) => {
  let arrive: () => void = () => undefined;
  const { server, stored, unmount } = edit('/templates/own-1', {
    [`PUT ${ONE}`]: ({ body }) => new Promise<Response>((resolve) => (arrive = () => resolve(success((stored.current = { ...stored.current, ...(body as object) }))))),
  });
  await screen.findByLabelText('Name');
  type('Name', 'Sent');
  await click('Save');
  await waitFor(() => expect(server.callsTo(`PUT ${ONE}`)).toHaveLength(1));
  type('Name', typed);
  arrive();
  await screen.findByRole('heading', { level: 1, name: 'Sent' });
  expect(screen.getByLabelText('Name')).toHaveValue(typed);
  unmount();
  const after = edit('/templates/own-1', { [LIST]: () => success({ templates: [{ ...own, name: 'Sent' }] }) });
  after.stored.current.name = 'Sent';
  expect(await screen.findByLabelText('Name')).toHaveValue(typed);
  await click('Save');
  await waitFor(() => expect(after.stored.current.name).toBe(typed));
});

test.each([
  ['fails', () => failure(503, 'The database is away'), 'could not be saved: The database is away'],
  ['is a question', () => success({ ...own, name: 'Theirs' }), 'was changed in another tab, too. Your edit is kept on this device.'],
])('a save that %s after the page was left says so and leads back', async (_, answer, text) => {
  let arrive: (response: Response) => void = () => undefined;
  const { server, router, show } = edit('/templates/own-1', { [`GET ${ONE}`]: () => new Promise<Response>((resolve) => (arrive = resolve)) });
  await screen.findByLabelText('Name');
  type('Name', 'Mine');
  await click('Save');
  await waitFor(() => expect(server.callsTo(`GET ${ONE}`)).toHaveLength(1));
  await act(() => router.navigate('/elsewhere'));
  arrive(answer());
  await waitFor(() => expect(show.mock.calls).toEqual([[{ subject: 'Mine', text, link: { to: '/templates/own-1', label: 'Open the form' } }]]));
});

test('a template made of a text has the words of the text, beside a new one that is begun', async () => {
  const { unmount } = edit('/templates/new');
  type('Name', 'Half typed');
  unmount();
  const { unmount: close } = edit('/templates/new?from=content-1', { 'GET /api/content/content-1': () => success(exampleContent()) });
  expect(await screen.findByLabelText('Name')).toHaveValue('Balcony tomatoes');
  close();
  edit('/templates/new');
  expect(screen.getByLabelText('Name')).toHaveValue('Half typed');
});

test('an unsaved edit is found again after its tab was closed, and after its template was deleted and made again', async () => {
  const first = edit();
  await screen.findByLabelText('Name');
  type('Brief', 'Unsaved');
  first.unmount();
  const { show, unmount } = open([own], {
    [`DELETE ${ONE}`]: () => new Response(null, { status: 204 }),
    'POST /api/templates': () => success({ ...own, id: 'own-2' }, 201),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'More for Our mugs' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
  await waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  show.mock.calls[0]?.[0].action?.run();
  await waitFor(() => expect(Object.keys(localStorage)).toEqual([expect.stringContaining('template/own-2')]));
  unmount();
  closeTab();
  edit('/templates/own-2', { [LIST]: () => success({ templates: [{ ...own, id: 'own-2' }] }) });
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByLabelText('Brief')).toHaveValue('Unsaved');
});
