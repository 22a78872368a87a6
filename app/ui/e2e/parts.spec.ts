import type { Page } from '@playwright/test';

import { preview, textField } from './editor';
import { openAccountMenu, signUp, writeByHand } from './people';
import { expect, test } from './watch';

/** Blocks all assets that are not loaded yet, as after a release or without a network. Returns a function that unblocks them. */
async function takePartsAway(page: Page): Promise<() => Promise<void>> {
  await page.route('**/assets/**', (route) => route.abort());
  return () => page.unroute('**/assets/**');
}

test('a page appears as soon as its parts are loaded', async ({ page }) => {
  await signUp(page);
  // React alone would show the nested parts of a page 300 ms apart. Here, timers of that kind never end.
  await page.addInitScript(() => {
    const setTimer = window.setTimeout.bind(window);
    const isHeld = (delay: number) => delay > 10 && delay <= 300;
    window.setTimeout = ((run: () => void, delay = 0) => setTimer(run, isHeld(delay) ? 2 ** 31 - 1 : delay)) as typeof window.setTimeout;
  });
  await page.goto('/contents');
  await expect(page.getByText('Your first text')).toBeVisible();
});

test('dialogs, menus and logging out work when no further assets can be loaded', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await expect(page.getByText('First words.')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await takePartsAway(page);

  await page.route('**/api/content/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await textField(page).fill('Second words.');
  await expect(page.getByText('Not saved: offline').first()).toBeVisible();
  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.unroute('**/api/content/*');
  await expect(page.getByText(/^Saved /)).toBeVisible();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('menuitem', { name: 'Plain text' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menuitem', { name: 'Move to trash' })).toBeVisible();
  await page.keyboard.press('Escape');
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
});

test('if a page cannot be loaded, the rest of the app stays usable and the page can be loaded later', async ({ page }) => {
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

test('a text is shown unformatted while the formatter cannot be loaded', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'Some **bold** words.' });
  await page.route(/\/assets\/MarkdownText-/, (route) => route.abort());
  await page.goto(`/contents/${id}`);
  const article = await preview(page);
  await expect(article.getByText('Some **bold** words.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'More' })).toBeVisible();

  await page.unroute(/\/assets\/MarkdownText-/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(article.getByText('Some bold words.')).toBeVisible();
});

test('a text can be read while the editor cannot be loaded', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'Some **bold** words.' });
  await page.route(/\/assets\/EditorPane-/, (route) => route.abort());
  await page.goto(`/contents/${id}`);
  await expect(page.getByText('Some bold words.')).toBeVisible();
  await page.unroute(/\/assets\/EditorPane-/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(textField(page)).toHaveText('Some **bold** words.');
});

const OBSTACLES = [
  ['5,000 nested quotes', '>'.repeat(5_000) + ' deep'],
  ['1,000 nested lists', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth * 2)}- deep`).join('\n').slice(0, 90_000)],
  ['5,000 brackets', '['.repeat(5_000) + 'deep' + ']'.repeat(5_000)],
  ['5,000 emphasis marks', '*a '.repeat(5_000) + 'deep' + ' a*'.repeat(5_000)],
  ['one line of 90,000 characters', 'deep'.repeat(22_500)],
] as const;

for (const [what, generatedText] of OBSTACLES) {
  test(`a text with ${what} leaves the page usable`, async ({ page }) => {
    const account = await signUp(page);
    const id = await writeByHand(page, account, { title: 'Obstacle', generatedText });
    await page.goto(`/contents/${id}`);
    await textField(page).press('Control+Home');
    await page.keyboard.type('More. ');
    await expect(page.getByText(/^Saved /)).toBeVisible();
    await expect(await preview(page)).toContainText('deep');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Move to trash' }).click();
    await expect(page.getByText('Your first text')).toBeVisible();
  });
}
