import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import * as downloads from '../../lib/download';
import { exampleContent } from '../../test/examples';
import { bar, BULK, bulkBodies, click, library, LIST, open, pageOf, type BulkBody } from '../../test/fakeLibrary';
import { failure, success } from '../../test/fakeServer';

const EXPORT = 'POST /api/content/export';

async function exportAs(format: string): Promise<void> {
  await click('Export');
  await userEvent.click(screen.getByRole('menuitem', { name: format }));
}

test('when a whole page is selected, all that match can be, on whichever page they are', async () => {
  const server = library(230);
  const { selectPage } = await open('/contents?type=blog');
  await selectPage();
  expect(bar().getByText('25 selected')).toBeVisible();

  await click('Select all 230 that match');

  expect(await bar().findByText('230 selected, 205 on other pages')).toBeVisible();
  expect(bar().queryByRole('button', { name: /that match/ })).toBeNull();
  const asked = server.callsTo(LIST).filter(({ query }) => query.get('fields') === 'id');
  expect(asked.map(({ query }) => [query.get('cursor'), query.get('limit'), query.get('contentType')])).toEqual([
    [null, '100', 'blog'],
    ['100', '100', 'blog'],
    ['200', '100', 'blog'],
  ]);
});

test('a search counts nothing: all that match are selected without a number', async () => {
  library(60, {}, false);
  const { selectPage } = await open('/contents?q=text');
  await selectPage();
  await click('Select all that match');
  expect(await bar().findByText('60 selected, 35 on other pages')).toBeVisible();
});

test('a page that is all there is offers no more', async () => {
  library(3);
  const { selectPage } = await open();
  await selectPage();
  expect(bar().queryByRole('button', { name: /that match/ })).toBeNull();
});

test('the selection is kept across pages, but not for another list', async () => {
  library(60);
  const { selectPage, router } = await open();
  await selectPage();
  await act(() => router.navigate('/contents?page=2'));
  expect(await screen.findByRole('checkbox', { name: 'Select Text 26' })).not.toBeChecked();
  expect(bar().getByText('25 selected, 25 on other pages')).toBeVisible();
  await act(() => router.navigate('/contents?type=blog'));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Selected texts' })).toBeNull());
});

test('six hundred go to the trash in portions that the server takes, and come back the same way', async () => {
  const server = library(600);
  const { selectPage, show } = await open();
  await selectPage();
  await click('Select all 600 that match');
  await bar().findByText(/^600 selected/);
  await click('Move to trash');
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Move to trash' }));

  await waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  expect(show.mock.calls[0]?.[0].text).toBe('600 texts moved to the trash.');
  act(() => show.mock.calls[0]?.[0].action?.run());
  await waitFor(() => expect(show).toHaveBeenCalledTimes(2));
  const bodies = bulkBodies(server.callsTo(BULK));
  expect(bodies.map(({ action, ids }) => [action, ids.length])).toEqual([
    ['trash', 250],
    ['trash', 250],
    ['trash', 100],
    ['untrash', 250],
    ['untrash', 250],
    ['untrash', 100],
  ]);
  expect(new Set(bodies.slice(0, 3).flatMap(({ ids }) => ids)).size).toBe(600);
});

test('an action that fails half-way says how far it got; the rest stays selected, and Undo reverts the first part', async () => {
  let calls = 0;
  const server = library(600, {
    [BULK]: ({ body }) => (++calls === 2 ? failure(503, 'The database is away.') : success({ done: (body as BulkBody).ids })),
  });
  const { selectPage, show, said } = await open();
  await selectPage();
  await click('Select all 600 that match');
  await bar().findByText(/^600 selected/);
  await click('Move to trash');
  await userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Move to trash' }));

  await waitFor(() => expect(said()).toEqual(['250 texts moved to the trash. Then it stopped: The database is away.']));
  expect(await bar().findByText(/^350 selected/)).toBeVisible();
  act(() => show.mock.calls[0]?.[0].action?.run());
  await waitFor(() => expect(server.callsTo(BULK)).toHaveLength(3));
  expect(bulkBodies(server.callsTo(BULK))[2]).toMatchObject({ action: 'untrash', ids: expect.objectContaining({ length: 250 }) as unknown });
});

test('skipped texts are reported with the reason, and Undo removes a tag only where it was added', async () => {
  const server = library(3, {
    [LIST]: ({ query }) => success(pageOf([1, 2, 3].filter((n) => n === 1 || !query.has('ids')).map((n) => exampleContent({ id: `c${n}`, title: `Text ${n}` })), query, true)),
    [BULK]: ({ body }) => success({ done: (body as BulkBody).ids.filter((id) => id !== 'c3') }),
  });
  const { selectPage, show, said } = await open();
  await selectPage();
  await click('Tag');
  await userEvent.type(bar().getByRole('textbox', { name: 'Tag' }), 'Spring{Enter}');

  await waitFor(() => expect(said()).toEqual(['2 texts tagged “Spring”. 1 text was not tagged: it may already have ten tags, or it has been deleted.']));
  act(() => show.mock.calls[0]?.[0].action?.run());
  await waitFor(() => expect(server.callsTo(BULK)).toHaveLength(2));
  expect(bulkBodies(server.callsTo(BULK))[1]).toEqual({ ids: ['c2'], action: 'untag', tag: 'Spring' });
});

test('a tag that could not be put stays typed, and its form closes when it has been', async () => {
  let isDown = true;
  const server = library(2, { [BULK]: ({ body }) => (isDown ? failure(503, 'The database is away.') : success({ done: (body as BulkBody).ids })) });
  const { selectPage, said } = await open();
  await selectPage();
  await click('Tag');
  await userEvent.type(bar().getByRole('textbox', { name: 'Tag' }), 'Spring{Enter}');
  await waitFor(() => expect(said()).toEqual(['The database is away.']));
  await waitFor(() => expect(bar().getByRole('button', { name: 'Export' })).toBeEnabled());
  expect(bar().getByRole('textbox', { name: 'Tag' })).toHaveValue('Spring');

  isDown = false;
  await click('Add tag');
  await waitFor(() => expect(bar().queryByRole('textbox', { name: 'Tag' })).toBeNull());
  expect(server.callsTo(BULK)).toHaveLength(2);
});

test('several texts are taken away as a zip, one as the file itself', async () => {
  const handOver = vi.spyOn(downloads, 'handOver').mockImplementation(() => undefined);
  const file = (name: string) => () => new Response('PK', { headers: { 'Content-Disposition': `attachment; filename="${name}"` } });
  const server = library(2, { [EXPORT]: file('texts.zip'), 'GET /api/content/c2/export': file('Text 2.docx') });
  const { selectPage } = await open();
  await selectPage();
  await exportAs('Word');
  await waitFor(() => expect(handOver).toHaveBeenCalledTimes(1));
  expect(server.callsTo(EXPORT)[0]?.body).toEqual({ ids: ['c1', 'c2'], format: 'docx' });
  expect(handOver.mock.calls[0]?.[1]).toBe('texts.zip');

  await userEvent.click(screen.getByRole('checkbox', { name: 'Select Text 1' }));
  await exportAs('Markdown');
  await waitFor(() => expect(handOver).toHaveBeenCalledTimes(2));
  expect(handOver.mock.calls[1]?.[1]).toBe('Text 2.docx');
  expect(server.callsTo('GET /api/content/c2/export')[0]?.query.get('format')).toBe('md');
});

test('too many texts for one download are rejected before any request, with advice', async () => {
  const server = library(501);
  const { selectPage, said } = await open();
  await selectPage();
  await click('Select all 501 that match');
  await bar().findByText(/^501 selected/);
  await exportAs('HTML');
  expect(said()).toEqual(['A download holds at most 500 texts, and 501 are selected. Select fewer, for example with the filters.']);
  expect(server.callsTo(EXPORT)).toHaveLength(0);
});

/** Two that could not be written, one that was written by hand since, and one that is ready. */
function partlyFailed(again: (id: string) => Response) {
  const failed = { generationStatus: 'failed' } as const;
  const all = [
    exampleContent({ id: 'c1', title: 'Text 1', ...failed }),
    exampleContent({ id: 'c2', title: 'Text 2', ...failed }),
    exampleContent({ id: 'c3', title: 'Text 3', ...failed, generatedText: 'By hand' }),
    exampleContent({ id: 'c4', title: 'Text 4', generationStatus: 'completed', generatedText: 'Ready' }),
  ];
  const tried: string[] = [];
  const answers = all.map(({ id }) => [`POST /api/content/${id}/generate`, () => (tried.push(id), again(id))] as const);
  library(4, {
    [LIST]: ({ query }) => success(pageOf(all.filter(({ generationStatus }) => !query.has('ids') || generationStatus === query.get('generationStatus')), query, true)),
    ...Object.fromEntries(answers),
  });
  return tried;
}

test('of the selected texts, those that could not be written are tried again, and nothing that has a text', async () => {
  const tried = partlyFailed(() => success(exampleContent(), 202));
  const { selectPage, said } = await open();
  await selectPage();
  await click('Try again');
  await waitFor(() => expect(said()).toEqual(['Trying 2 texts again. 2 texts left alone: only what could not be written is tried again.']));
  expect(tried).toEqual(['c1', 'c2']);
  expect(bar().getByText('2 selected')).toBeVisible();
});

const queueFull = () => Response.json({ success: false, message: 'Too many', code: 'queue_full', statusCode: 429 }, { status: 429 });

test('when there is no room in the line for all, it says how many are tried again, and the rest stays selected', async () => {
  partlyFailed((id) => (id === 'c1' ? success(exampleContent(), 202) : queueFull()));
  const { selectPage, said } = await open();
  await selectPage();
  await click('Try again');
  await waitFor(() => expect(said()).toEqual(['Trying 1 text again. Then it stopped: Too many of your texts are waiting. Try again when one of them is done.']));
  expect(bar().getByText('3 selected')).toBeVisible();
});

test('nothing is offered to be tried again where every selected text has been written', async () => {
  partlyFailed(() => failure(500, 'Not asked for'));
  await open();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select Text 4' }));
  await screen.findByRole('region', { name: 'Selected texts' });
  expect(bar().queryByRole('button', { name: 'Try again' })).toBeNull();
});
