import type { Page } from '@playwright/test';

import { openAccountMenu, signUp, writeByHand } from './people';
import { expect, test } from './watch';

/** As after a release, or without a network: nothing that was not loaded yet can be had. */
async function takePartsAway(page: Page): Promise<() => Promise<void>> {
  await page.route('**/assets/**', (route) => route.abort());
  return () => page.unroute('**/assets/**');
}

test('what guards and ends an action works when no further part can be loaded', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await expect(page.getByText('First words.')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await takePartsAway(page);

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Text', { exact: true }).fill('Second words.');
  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Second words.')).toBeVisible();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('menuitem', { name: 'Copy as text' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
});

test('a page that cannot be loaded leaves the rest in place, and comes when it can be had', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  const bringBack = await page
    .route(/\/assets\/Content(Create|Detail)-/, (route) => route.abort())
    .then(() => () => page.unroute(/\/assets\/Content(Create|Detail)-/));
  await page.goto('/contents');
  await page.getByRole('link', { name: 'By hand' }).click();
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  await expect(page).toHaveURL(`/contents/${id}`);
  await expect(page.getByRole('button', { name: 'Account of Ada Lovelace' })).toBeVisible();

  await bringBack();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('First words.')).toBeVisible();
});

test('a text is shown as it is while what formats it cannot be loaded', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'Some **bold** words.' });
  await page.route(/\/assets\/MarkdownText-/, (route) => route.abort());
  await page.goto(`/contents/${id}`);
  await expect(page.getByText('Some **bold** words.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();

  await page.unroute(/\/assets\/MarkdownText-/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Some bold words.')).toBeVisible();
});

const OBSTACLES = [
  ['5,000 nested quotes', '>'.repeat(5_000) + ' deep'],
  ['1,000 nested lists', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth * 2)}- deep`).join('\n').slice(0, 90_000)],
  ['5,000 brackets', '['.repeat(5_000) + 'deep' + ']'.repeat(5_000)],
  ['5,000 marks of emphasis', '*a '.repeat(5_000) + 'deep' + ' a*'.repeat(5_000)],
  ['one line of 90,000 characters', 'deep'.repeat(22_500)],
] as const;

for (const [what, generatedText] of OBSTACLES) {
  test(`a text of ${what} leaves the page usable`, async ({ page }) => {
    const account = await signUp(page);
    const id = await writeByHand(page, account, { title: 'Obstacle', generatedText });
    await page.goto(`/contents/${id}`);
    await expect(page.getByRole('article', { name: 'The text' })).toContainText('deep');
    await page.getByRole('button', { name: 'Edit' }).click();
    await expect(page.getByLabel('Text', { exact: true })).toHaveValue(generatedText);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Your first text')).toBeVisible();
  });
}
