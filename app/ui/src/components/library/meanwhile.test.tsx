import { act, screen } from '@testing-library/react';
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

test('what answers "Select all" after the selection was cleared changes nothing, and no more is asked for', async () => {
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

test('what answers "Select all" after the filters were changed leaves the selection of the new list alone', async () => {
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

test('what is deselected while all are being looked for stays so', async () => {
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

test('what is selected while an action runs stays selected when it is done', async () => {
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
