import type { Page } from '@playwright/test';

import { preview, textField } from './editor';
import { signUp, writeByHand } from './people';
import { expect, test } from './watch';

async function openText(page: Page): Promise<string> {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words about water.' });
  await page.goto(`/contents/${id}`);
  await expect(textField(page)).toHaveText('First words about water.');
  return id;
}

const saved = (page: Page) => page.getByText(/^Saved /);

test('a text is edited on its page: formatting, undo, preview and automatic saving', async ({ page }) => {
  await openText(page);
  await textField(page).fill('Water well');
  await page.keyboard.press('Control+A');
  await page.getByRole('button', { name: 'Bold' }).click();
  await expect(textField(page)).toHaveText('**Water well**');
  await page.getByRole('button', { name: 'Heading', exact: true }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- sun');
  await page.keyboard.press('Enter');
  await page.keyboard.type('wind');
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(textField(page).locator('.cm-line')).toHaveText(['**Water well**', '- sun', '- wind']);
  const article = await preview(page);
  await expect(article.locator('strong')).toHaveText('Water well');
  await expect(article.getByRole('listitem')).toHaveText(['sun', 'wind']);

  // The Tab key moves the focus out of the text.
  await page.getByRole('button', { name: 'Preview' }).click();
  await textField(page).focus();
  await page.keyboard.press('Tab');
  await expect(textField(page)).not.toBeFocused();
});

test('two tabs that edit the same text do not overwrite each other', async ({ page, context }) => {
  const id = await openText(page);
  const other = await context.newPage();
  await other.goto(`/contents/${id}`);
  await other.route('**/api/content/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await textField(other).fill('From the second tab.');
  await expect(other.getByText('Not saved: offline').first()).toBeVisible();
  await textField(page).fill('From the first tab.');
  await expect(saved(page)).toBeVisible();

  await other.unrouteAll();
  const dialog = other.getByRole('alertdialog', { name: /^This text was changed in another tab at/ });
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await expect(dialog.locator('del')).toHaveText('first');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await expect(saved(other)).toBeVisible();
  await expect(textField(other)).toHaveText('From the second tab.');
  await expect(textField(page)).toHaveText('From the second tab.');

  await other.getByRole('tab', { name: 'Versions' }).click();
  await other.getByRole('button', { name: /v2.*You/ }).click();
  await expect(other.getByRole('tabpanel')).toContainText('From the first tab.');
});

test('an edit made offline is kept, and is saved when the network is back', async ({ page, context }) => {
  const id = await openText(page);
  await context.setOffline(true);
  await textField(page).fill('Typed in a tunnel.');
  await expect(page.getByText('Not saved: offline').first()).toBeVisible();
  await context.setOffline(false);
  await expect(saved(page)).toBeVisible();
  await page.goto('/contents');
  await page.goto(`/contents/${id}`);
  await expect(textField(page)).toHaveText('Typed in a tunnel.');
});

test('an earlier version can be compared and restored, and an unsaved edit in another tab does not undo that', async ({ page, context }) => {
  const id = await openText(page);
  await textField(page).fill('Second words about wind.');
  await expect(saved(page)).toBeVisible();
  const other = await context.newPage();
  await other.goto(`/contents/${id}`);
  await other.route('**/api/content/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await textField(other).fill('An edit that was open.');
  await expect(other.getByText('Not saved: offline').first()).toBeVisible();

  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByRole('button', { name: /^v1/ }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(textField(page)).toHaveText('First words about water.');
  await page.getByRole('button', { name: /v2.*You/ }).click();
  await page.getByRole('button', { name: 'Show changes' }).first().click();
  await expect(page.getByRole('tabpanel').locator('ins').first()).toBeVisible();

  await other.unrouteAll();
  await other.getByRole('button', { name: 'Use the other' }).click();
  await expect(textField(other)).toHaveText('First words about water.');
  await expect(other.getByText('Your unsaved edit is kept on this device.')).toBeVisible();
});

test('on a phone the editor toolbar fits, and the remaining buttons are in an overflow menu', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openText(page);
  await textField(page).fill('Water well');
  await page.keyboard.press('Control+A');
  const bar = page.getByRole('toolbar', { name: 'Formatting' });
  for (const name of ['Undo', 'Bold', 'Heading', 'List', 'More formatting', 'Rewrite', 'Preview']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox();
    expect.soft(Math.min(box?.width ?? 0, box?.height ?? 0), `${name} is large enough`).toBeGreaterThanOrEqual(44);
    expect.soft((box?.x ?? 0) + (box?.width ?? 0), `${name} is in sight`).toBeLessThanOrEqual(360);
  }
  expect(await bar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  await bar.getByRole('button', { name: 'More formatting' }).click();
  await page.getByRole('menuitem', { name: 'Italic' }).click();
  await expect(textField(page)).toHaveText('*Water well*');
  await expect(textField(page)).toBeFocused();
  await bar.getByRole('button', { name: 'Undo' }).click();
  await bar.getByRole('button', { name: 'More formatting' }).click();
  await page.getByRole('menuitem', { name: 'Redo' }).click();
  await expect(textField(page)).toHaveText('*Water well*');
});
