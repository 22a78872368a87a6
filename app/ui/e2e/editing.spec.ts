import type { Page } from '@playwright/test';

import { signUp, writeByHand } from './people';
import { expect, test } from './watch';

const text = (page: Page) => page.getByLabel('Text', { exact: true });
const article = (page: Page) => page.getByRole('article', { name: 'The text' });

async function openText(page: Page): Promise<string> {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words about water.' });
  await page.goto(`/contents/${id}`);
  return id;
}

async function edit(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await text(page).fill(words);
}

test('two tabs that edit one text do not write over each other', async ({ page, context }) => {
  const id = await openText(page);
  const other = await context.newPage();
  await other.goto(`/contents/${id}`);
  await edit(page, 'From the first tab.');
  await edit(other, 'From the second tab.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(article(page)).toContainText('From the first tab.');

  await other.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = other.getByRole('alertdialog', { name: /^This text was changed elsewhere at/ });
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await expect(dialog.locator('del')).toHaveText('first');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await expect(article(other)).toContainText('From the second tab.');
  await expect(article(page)).toContainText('From the second tab.');

  await other.getByRole('tab', { name: 'Versions' }).click();
  await other.getByRole('button', { name: /v2.*You/ }).click();
  await expect(other.getByRole('tabpanel')).toContainText('From the first tab.');
});

test('what was typed without a network is kept, and saved when it is back', async ({ page, context }) => {
  await openText(page);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await context.setOffline(true);
  await text(page).fill('Typed in a tunnel.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(text(page)).toHaveValue('Typed in a tunnel.');
  await expect(page.getByText(/^Not saved/)).toBeVisible();
  await context.setOffline(false);
  await expect(article(page)).toContainText('Typed in a tunnel.');
});

test('an earlier version is compared and restored, and an edit that was open does not undo it', async ({ page, context }) => {
  const id = await openText(page);
  await edit(page, 'Second words about wind.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(article(page)).toContainText('Second words about wind.');
  const other = await context.newPage();
  await other.goto(`/contents/${id}`);
  await edit(other, 'An edit that was open.');

  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByRole('button', { name: /^v1/ }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(article(page)).toContainText('First words about water.');
  await page.getByRole('button', { name: /v2.*You/ }).click();
  await page.getByRole('button', { name: 'Show changes' }).first().click();
  await expect(page.getByRole('tabpanel').locator('ins').first()).toBeVisible();

  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await other.getByRole('button', { name: 'Use the other' }).click();
  await expect(article(other)).toContainText('First words about water.');
  await expect(other.getByText('Your unsaved edit is kept on this device.')).toBeVisible();
});
