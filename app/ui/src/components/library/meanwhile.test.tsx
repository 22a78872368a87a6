import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { bar, BULK, click, library, LIST, open, pageOf, textsOf, type BulkBody } from '../../test/fakeLibrary';
import { success } from '../../test/fakeServer';

/** What waits here goes on once it is let go. */
function gate() {
  let release: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  const letGo = () =>
    act(async () => {
      release();
      await opened;
    });
  return { opened, letGo };
}

/** A library of 230 texts whose answers to "Select all" wait until they are let go. */
function slowLibrary() {
  const { opened, letGo } = gate();
  const all = textsOf(230);
  const server = library(230, {
    [LIST]: async ({ query }) => {
      if (query.get('fields') === 'id') await opened;
      return success(pageOf(all, query, true));
    },
  });
  return { asked: () => server.callsTo(LIST).filter(({ query }) => query.get('fields') === 'id').length, letGo };
}

const choose = (number: number) => userEvent.click(screen.getByRole('checkbox', { name: `Select Text ${number}` }));

test('a response to "Select all" after the selection was cleared changes nothing, and no more pages are fetched', async () => {
  const { asked, letGo } = slowLibrary();
  const { selectPage, said } = await open();
  await selectPage();
  await click('Select all 230 that match');
  await click('Clear the selection');
  await choose(3);
  await letGo();
  expect(await bar().findByText('1 selected')).toBeVisible();
  expect(asked()).toBe(1);
  expect(said()).toEqual([]);
});

test('a response to "Select all" after the filters changed does not affect the new list’s selection', async () => {
  const { asked, letGo } = slowLibrary();
  const { selectPage, router } = await open();
  await selectPage();
  await click('Select all 230 that match');
  await act(() => router.navigate('/contents?type=blog'));
  await choose(3);
  await letGo();
  expect(await bar().findByText('1 selected')).toBeVisible();
  expect(asked()).toBe(1);
});

test('texts deselected while all are being fetched stay deselected', async () => {
  const { letGo } = slowLibrary();
  const { selectPage } = await open();
  await selectPage();
  await click('Select all 230 that match');
  await choose(3);
  await letGo();
  expect(await bar().findByText('229 selected, 205 on other pages')).toBeVisible();
  expect(screen.getByRole('checkbox', { name: 'Select Text 3' })).not.toBeChecked();
});

/** A library of three whose bulk actions wait until they are let go. */
function slowBulk() {
  const { opened, letGo } = gate();
  const server = library(3, {
    [BULK]: async ({ body }) => {
      await opened;
      return success({ done: (body as BulkBody).ids });
    },
  });
  return { bulkCalls: () => server.callsTo(BULK).length, letGo };
}

test('texts selected while an action runs stay selected', async () => {
  const { letGo } = slowBulk();
  await open();
  await choose(1);
  await screen.findByRole('region', { name: 'Selected texts' });
  await click('Move to trash');
  await choose(2);
  await letGo();
  expect(await bar().findByText('1 selected')).toBeVisible();
  expect(screen.getByRole('checkbox', { name: 'Select Text 2' })).toBeChecked();
});

test('a text that its own menu moves to the trash is no longer selected', async () => {
  const { letGo } = slowBulk();
  await open();
  await choose(1);
  await choose(2);
  await letGo();
  await userEvent.click(await screen.findByRole('button', { name: 'More for Text 2' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Move to trash' }));
  expect(await bar().findByText('1 selected')).toBeVisible();
  expect(screen.getByRole('checkbox', { name: 'Select Text 1' })).toBeChecked();
});

test('while an action runs, no other can be started', async () => {
  const { bulkCalls, letGo } = slowBulk();
  const { said } = await open();
  await choose(1);
  await screen.findByRole('region', { name: 'Selected texts' });
  await click('Move to trash');
  await click('Move to trash');
  expect(bar().getByRole('button', { name: 'Tag' })).toBeDisabled();
  expect(bar().getByRole('button', { name: 'Export' })).toBeDisabled();
  await userEvent.click(await screen.findByRole('button', { name: 'More for Text 2' }));
  const trash = screen.getByRole('menuitem', { name: 'Move to trash' });
  expect(trash).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(trash);
  await letGo();
  await waitFor(() => expect(said()).toEqual(['1 text moved to the trash.']));
  expect(bulkCalls()).toBe(1);
});

test('a text in the trash is restored once, however often its button is pressed', async () => {
  const { bulkCalls, letGo } = slowBulk();
  const { said } = await open('/contents?trash=true');
  const restore = screen.getByRole('button', { name: 'Restore Text 1' });
  await userEvent.click(restore);
  await userEvent.click(restore);
  expect(screen.getByRole('button', { name: 'Restore Text 2' })).toBeDisabled();
  await letGo();
  await waitFor(() => expect(said()).toEqual(['1 text restored.']));
  expect(bulkCalls()).toBe(1);
});

test('Undo waits for the running action', async () => {
  let count = 0;
  const { opened, letGo } = gate();
  const server = library(3, {
    [BULK]: async ({ body }) => {
      if (++count === 2) await opened;
      return success({ done: (body as BulkBody).ids });
    },
  });
  const { show, said } = await open('/contents?trash=true');
  await userEvent.click(screen.getByRole('button', { name: 'Restore Text 1' }));
  await waitFor(() => expect(said()).toHaveLength(1));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Restore Text 2' })).toBeEnabled());
  await userEvent.click(screen.getByRole('button', { name: 'Restore Text 2' }));
  act(() => show.mock.calls[0]?.[0].action?.run());
  expect(server.callsTo(BULK)).toHaveLength(2);
  await letGo();
  await waitFor(() => expect(server.callsTo(BULK)[2]?.body).toEqual({ ids: ['c1'], action: 'trash' }));
});
