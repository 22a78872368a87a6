import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import type { Template } from '../api/templates';
import { NoticesContext, type Notice } from '../contexts/notices';
import { exampleContent, exampleTemplate } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
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
  return { ...renderPage(<TemplateUse />, { at, path: '/templates/:id/use' }), server };
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
