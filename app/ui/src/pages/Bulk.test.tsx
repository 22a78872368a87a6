import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { NoticesContext, type Notice } from '../contexts/notices';
import { keepBeside, otherDrafts, ownDraft, saveDraft } from '../lib/drafts';
import { closeTab } from '../test/closeTab';
import { ada, exampleTemplate } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import Bulk from './Bulk';

const place = { userId: ada.id, text: 'bulk' };
const TABLE = 'POST /api/batches/table';
const BATCHES = 'POST /api/batches';

const table = {
  encoding: 'cp1252',
  delimiter: ';',
  columns: ['Product name', 'FEATURES', 'SKU'],
  rows: [
    ['Mug', 'größer', '1'],
    ['Bowl', 'deep', '2'],
  ],
  numbers: [1, 3],
  errors: [],
};
const noBatches = { batches: [], pagination: { total: 0, page: 1, totalPages: 0, limit: 20 } };
const isDry = (body: unknown) => (body as { dryRun?: boolean }).dryRun === true;
const goodRows = { rows: [1, 2].map((row) => ({ row, ok: true, errors: [], title: 'Mug' })), counts: { total: 2, ok: 2, bad: 0 } };

function open(answers: Parameters<typeof fakeServer>[0] = {}, at = '/bulk', path = '*') {
  vi.stubGlobal('scrollTo', () => undefined);
  const server = fakeServer({
    [TABLE]: () => success(table),
    'GET /api/templates': () => success({ templates: [exampleTemplate()] }),
    'GET /api/batches': () => success(noBatches),
    [BATCHES]: ({ body }) => success(isDry(body) ? goodRows : { id: 'batch-1', counts: {} }, isDry(body) ? 200 : 202),
    ...answers,
  });
  const show = vi.fn<(notice: Notice) => void>();
  const page = (
    <NoticesContext value={{ show }}>
      <Bulk />
    </NoticesContext>
  );
  return { ...renderPage(page, { at, path }), server, show, undo: () => act(() => show.mock.lastCall?.[0].action?.run()) };
}

const click = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));

const ours = new File(['a;b'], 'ours.csv', { type: 'text/csv' });

async function chooseFile(): Promise<void> {
  await click('Upload a file');
  await userEvent.upload(screen.getByLabelText('CSV file'), ours);
}

function paste(text: string): void {
  fireEvent.input(screen.getByLabelText('Paste rows from a spreadsheet'), { target: { value: text }, inputType: 'insertFromPaste' });
}

async function toTheCheck(): Promise<void> {
  await chooseFile();
  await screen.findByText('2 rows');
  await click('Choose a template');
  await userEvent.selectOptions(await screen.findByLabelText('Template'), 'Product (short)');
  await click('Check the rows');
}

test('with nothing yet there is a way to bring rows in, and no way past them', async () => {
  open();
  expect(await screen.findByText('No rows yet.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
  expect(screen.getByRole('button', { name: /Check$/ })).toBeDisabled();
  expect(screen.queryByRole('region', { name: 'Your batches' })).toBeNull();
});

test('a file is read by the server; how it was read is shown and can be changed', async () => {
  const { server } = open();
  await chooseFile();
  expect(await screen.findByLabelText('Read as')).toHaveValue('cp1252');
  expect(screen.getByLabelText('Between the columns')).toHaveValue(';');
  expect(screen.getByDisplayValue('größer')).toBeVisible();
  await userEvent.selectOptions(screen.getByLabelText('Read as'), 'utf-16');
  await waitFor(() => expect(server.callsTo(TABLE)).toHaveLength(2));
});

test('a file that cannot be read is refused with the row and the reason', async () => {
  open({ [TABLE]: () => failure(422, 'Validation failed', [{ field: 'rows.17', message: 'A quotation mark is never closed.' }]) });
  await chooseFile();
  expect(await screen.findByRole('alert')).toHaveTextContent('Row 17: A quotation mark is never closed.');
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
});

test('a file that cannot be read leaves no rows of an earlier one to be sent, and Undo brings them back', async () => {
  let isGood = true;
  const { undo } = open({ [TABLE]: () => (isGood ? success(table) : failure(422, 'Not a table')) });
  await chooseFile();
  await screen.findByDisplayValue('größer');
  isGood = false;
  // The same file again, which has been changed meanwhile.
  await userEvent.upload(screen.getByLabelText('CSV file'), ours);
  expect(await screen.findByRole('alert')).toHaveTextContent('Not a table');
  expect(screen.queryByDisplayValue('größer')).toBeNull();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
  undo();
  expect(screen.getByDisplayValue('größer')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeEnabled();
});

test('a file whose reading was interrupted leaves no rows of an earlier one', async () => {
  let isGood = true;
  const { unmount } = open({ [TABLE]: () => (isGood ? success(table) : new Promise<Response>(() => undefined)) });
  await chooseFile();
  await screen.findByText('2 rows');
  isGood = false;
  await userEvent.upload(screen.getByLabelText('CSV file'), new File(['c;d'], 'newer.csv', { type: 'text/csv' }));
  unmount();
  open();
  expect(await screen.findByText('No rows yet.')).toBeVisible();
});

test('Undo brings back a pasted text that was never read', async () => {
  const { undo } = open();
  fireEvent.change(screen.getByLabelText('Paste rows from a spreadsheet'), { target: { value: 'typed' } });
  await chooseFile();
  await screen.findByText('2 rows');
  undo();
  await click('Paste');
  expect(screen.getByLabelText('Paste rows from a spreadsheet')).toHaveValue('typed');
});

test('Undo keeps the rows that were changed since: they are offered', async () => {
  const { undo } = open();
  await click('Type a table');
  await userEvent.type(screen.getByLabelText('Row 1, features'), 'linen');
  await chooseFile();
  await userEvent.type(await screen.findByDisplayValue('Mug'), ' of clay');
  undo();
  expect(screen.getByLabelText('Row 1, features')).toHaveValue('linen');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue it' }));
  expect(screen.getByDisplayValue('Mug of clay')).toBeVisible();
});

test('Undo after the page was left keeps the earlier rows beside those that are there by now', async () => {
  const first = open();
  await click('Type a table');
  await userEvent.type(screen.getByLabelText('Row 1, features'), 'linen');
  await chooseFile();
  await screen.findByText('2 rows');
  first.unmount();
  const kept = ownDraft(place);
  first.undo();
  expect(ownDraft(place)).toEqual(kept);
  open();
  expect(await screen.findByDisplayValue('größer')).toBeVisible();
  expect(await screen.findByText('linen')).toBeVisible();
});

test('without room to keep what is in the table, other rows do not replace it', async () => {
  const other = keepBeside(place, { way: 'paste', pasted: 'Pasted before' });
  const { show } = open();
  await click('Type a table');
  await userEvent.type(screen.getByLabelText('Row 1, features'), 'linen');
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await click('Continue it');
  expect(show).toHaveBeenCalledWith({ text: expect.stringMatching(/^There is no room on this device/) as string });
  expect(screen.getByLabelText('Row 1, features')).toHaveValue('linen');
  expect(otherDrafts(place)).toEqual([other]);
});

test('of two files, the rows of the one chosen last stay, whichever is read first', async () => {
  const answers: ((response: Response) => void)[] = [];
  open({ [TABLE]: () => new Promise<Response>((resolve) => answers.push(resolve)) });
  await chooseFile();
  await userEvent.upload(screen.getByLabelText('CSV file'), new File(['c;d'], 'newer.csv', { type: 'text/csv' }));
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(success({ ...table, rows: [['Newer', 'x', '1']], numbers: [1] }));
  expect(await screen.findByDisplayValue('Newer')).toBeVisible();
  await act(async () => {
    answers[0]?.(success(table));
    await Promise.resolve();
  });
  expect(screen.getByText('1 row')).toBeVisible();
  expect(screen.getByDisplayValue('Newer')).toBeVisible();
});

test('a typed table is replaced by a paste with Undo, and keeps its line breaks', async () => {
  const { undo } = open();
  await click('Type a table');
  const cell = screen.getByLabelText('Row 1, features');
  await userEvent.type(cell, 'linen{Enter}washed');
  await click('Paste');
  paste('Product name\tFEATURES');
  expect(await screen.findByDisplayValue('größer')).toBeVisible();
  undo();
  expect(screen.getByLabelText('Row 1, features')).toHaveValue('linen\nwashed');
  expect(screen.getByLabelText('Paste rows from a spreadsheet')).toHaveValue('');
});

test('pasted text that is changed afterwards has to be read again', async () => {
  const { server } = open();
  paste('Product name\tFEATURES');
  await screen.findByText('2 rows');
  fireEvent.change(screen.getByLabelText('Paste rows from a spreadsheet'), { target: { value: 'Product name\tSIZE' } });
  expect(screen.getByText(/^You have changed the text since its rows were read\./)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
  expect(screen.getByRole('button', { name: /Template$/ })).toBeDisabled();
  await click('Read the rows');
  expect(await screen.findByText('2 rows')).toBeVisible();
  expect(server.callsTo(TABLE)).toHaveLength(2);
});

test('rows with too many cells are decided about before anything goes on', async () => {
  open({ [TABLE]: () => success({ ...table, errors: [{ field: 'rows.3', message: 'Has 5 cells below 3 columns.' }] }) });
  await chooseFile();
  const problems = within(await screen.findByRole('region', { name: 'Rows that do not fit' }));
  expect(problems.getByText('Row 3: Has 5 cells below 3 columns.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
  await userEvent.click(problems.getByRole('button', { name: 'Leave out this row' }));
  expect(screen.getByText('1 row')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeEnabled();
});

test('with more rows than a batch may have, no other step can be opened', async () => {
  const numbers = Array.from({ length: 501 }, (_, place) => place + 1);
  open({ [TABLE]: () => success({ ...table, rows: numbers.map(() => ['Mug', 'deep', '1']), numbers }) });
  await chooseFile();
  expect(await screen.findByText('501 rows: at most 500 at once.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Choose a template' })).toBeDisabled();
  expect(screen.getByRole('button', { name: /Template$/ })).toBeDisabled();
});

test('columns are found by their names, what is not used is said, and every fault of every row before anything is sent', async () => {
  const faults = { rows: [{ row: 2, ok: false, errors: [{ field: 'rows.2.features', message: '{{features}} has no value.' }], title: null }], counts: { total: 2, ok: 1, bad: 1 } };
  const { server } = open({ [BATCHES]: () => success(faults) });
  await toTheCheck();
  expect(await screen.findByText('1 of 2 rows cannot be written yet. Nothing has been sent.')).toBeVisible();
  // The number is that of the user's spreadsheet, which has a blank row in between.
  expect(screen.getByText('Row 3: features has no value.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Continue' })).toBeDisabled();
  expect(server.callsTo(BATCHES).map(({ body }) => body)).toEqual([
    {
      templateId: 'product-short',
      items: [
        { product_name: 'Mug', features: 'größer' },
        { product_name: 'Bowl', features: 'deep' },
      ],
      dryRun: true,
    },
  ]);
});

test('good rows are written once: a refusal keeps everything, and the next try has the same key', async () => {
  let isFull = true;
  const { server, router } = open({
    [BATCHES]: ({ body }) => {
      if (isDry(body)) return success(goodRows);
      return isFull ? failure(409, 'Three of your batches are unfinished.') : success({ id: 'batch-1', counts: {} }, 202);
    },
  });
  await toTheCheck();
  expect(await screen.findByText('All 2 rows are good.')).toBeVisible();
  await click('Continue');
  await click('Write 2');
  expect(await screen.findByRole('alert')).toHaveTextContent('Three of your batches are unfinished.');
  isFull = false;
  await click('Write 2');
  await waitFor(() => expect(router.state.location.pathname).toBe('/bulk/batch-1'));
  const sent = server.callsTo(BATCHES).filter(({ body }) => !isDry(body));
  expect(sent.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual([expect.any(String), sent[0]?.headers.get('Idempotency-Key')]);
});

test('a reload leads back to where one was, with every row', async () => {
  const first = open();
  await chooseFile();
  await screen.findByText('2 rows');
  first.unmount();
  open();
  expect(await screen.findByDisplayValue('größer')).toBeVisible();
  expect(screen.getByText('2 rows')).toBeVisible();
});

test('templates that cannot be loaded are asked for again in their step', async () => {
  let isDown = true;
  open({ 'GET /api/templates': () => (isDown ? failure(503, 'The database is away.') : success({ templates: [exampleTemplate()] })) });
  await chooseFile();
  await screen.findByText('2 rows');
  await click('Choose a template');
  expect(await screen.findByRole('alert')).toHaveTextContent('The database is away.');
  isDown = false;
  await click('Try again');
  expect(await screen.findByLabelText('Template')).toBeVisible();
});

test('rows are found again after their tab was closed', async () => {
  const { unmount } = open();
  await click('Type a table');
  await userEvent.type(screen.getByLabelText('Row 1, product_name'), 'Typed by hand');
  unmount();
  closeTab();
  open();
  expect(await screen.findByText('Typed by hand')).toBeVisible();
  await click('Continue it');
  expect(screen.getByLabelText('Row 1, product_name')).toHaveValue('Typed by hand');
});

test('a person who has left before a batch is accepted stays where they are, and what they have begun since is kept', async () => {
  let answer: (response: Response) => void = () => undefined;
  const { router, show, server } = open({ [BATCHES]: ({ body }) => (isDry(body) ? success(goodRows) : new Promise<Response>((resolve) => (answer = resolve))) }, '/bulk', '/bulk');
  await toTheCheck();
  await screen.findByText('All 2 rows are good.');
  await click('Continue');
  await click('Write 2');
  await waitFor(() => expect(server.callsTo(BATCHES)).toHaveLength(2));
  await act(() => router.navigate('/elsewhere'));
  const begun = { way: 'paste', pasted: 'Begun since', key: 'another' };
  saveDraft(place, begun);
  answer(success({ id: 'batch-1', name: 'Mugs', counts: {} }, 202));
  await waitFor(() => expect(show).toHaveBeenCalledWith({ subject: 'Mugs', text: 'was sent.', link: { to: '/bulk/batch-1', label: 'Watch it' } }));
  expect(router.state.location.pathname).toBe('/elsewhere');
  expect(ownDraft(place)?.values).toEqual(begun);
});
