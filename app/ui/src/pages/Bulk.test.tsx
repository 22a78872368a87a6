import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { exampleTemplate } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import Bulk from './Bulk';

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

function open(answers: Parameters<typeof fakeServer>[0] = {}, at = '/bulk') {
  vi.stubGlobal('scrollTo', () => undefined);
  const server = fakeServer({
    [TABLE]: () => success(table),
    'GET /api/templates': () => success({ templates: [exampleTemplate()] }),
    'GET /api/batches': () => success(noBatches),
    [BATCHES]: ({ body }) => success(isDry(body) ? goodRows : { id: 'batch-1', counts: {} }, isDry(body) ? 200 : 202),
    ...answers,
  });
  return { ...renderPage(<Bulk />, { at }), server };
}

const click = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));

async function chooseFile(): Promise<void> {
  await click('Upload a file');
  await userEvent.upload(screen.getByLabelText('CSV file'), new File(['a;b'], 'ours.csv', { type: 'text/csv' }));
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
