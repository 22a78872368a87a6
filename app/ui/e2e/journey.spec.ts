import { readFile } from 'node:fs/promises';

import { preview, textField } from './editor';
import { newEmail, openAccountMenu, PASSWORD, signUp, writeByHand } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

// Animations are enabled, as they are for most users.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('a user registers, has a text written, edits, publishes, exports, finds and deletes it, and logs out', async ({ page }) => {
  // The answer is held, so that even a slow page shows the text being written.
  const word = uniqueWord();
  await answerWith(word, [{ hold: true }]);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Write 60 product descriptions before lunch' })).toBeVisible();
  await page.getByRole('link', { name: 'Create account' }).click();
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Email').fill(newEmail());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();

  await page.getByRole('link', { name: 'Write one' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New text' })).toBeFocused();
  await page.getByRole('radio', { name: /Blog post/ }).check();
  await page.getByLabel('Title').fill('Balcony tomatoes');
  await page.getByLabel('Brief').fill(`How to grow tomatoes on a balcony, ${word}`);
  await page.reload();
  await expect(page.getByLabel('Title')).toHaveValue('Balcony tomatoes');
  await page.getByRole('button', { name: 'Write it' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Balcony tomatoes' })).toBeVisible();
  await expect(page.getByText('Writing…')).toBeVisible();
  await release(word);
  await expect(textField(page)).toContainText(/\w+ \w+/);
  await expect(page.getByText('Draft', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Balcony tomatoes' }).click();
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.getByLabel('Title').fill('Tomatoes above the street');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Tomatoes above the street' })).toBeVisible();
  await textField(page).fill('# Begin\n\nA *small* balcony is enough.\n\n- sun\n- water');
  const article = await preview(page);
  await expect(article.getByRole('heading', { level: 2, name: 'Begin' })).toBeVisible();

  await page.getByRole('button', { name: 'Mark as final' }).click();
  await expect(page.getByRole('button', { name: 'Back to draft' })).toBeVisible();
  await expect(page.getByText('Final', { exact: true })).toBeVisible();

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('menuitem', { name: 'Plain text' }).click();
  await expect.poll(clipboard).toBe('Begin\n\nA small balcony is enough.\n\n• sun\n• water');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('menuitem', { name: 'Markdown' }).click();
  await expect.poll(clipboard).toBe('# Begin\n\nA *small* balcony is enough.\n\n- sun\n- water');

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Markdown' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^Tomatoes.above.the.street\.md$/i);
  expect(await readFile(await download.path(), 'utf8')).toContain('# Begin');

  await page.getByRole('link', { name: 'Your texts' }).click();
  await page.getByLabel('Status').selectOption('Final');
  await expect(page).toHaveURL('/contents?status=published');
  await expect(page.getByRole('link', { name: 'Tomatoes above the street' })).toBeVisible();
  await page.getByLabel('Status').selectOption('Drafts');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: 'Tomatoes above the street' }).click();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByRole('link', { name: 'Write one' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: 'Tomatoes above the street' }).click();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByRole('link', { name: 'Write one' })).toBeVisible();

  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
  await page.goto('/contents');
  await expect(page).toHaveURL('/login');
});

test('leaving a page with unsaved changes asks for confirmation', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await page.route('**/api/content/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await textField(page).fill('Second words.');
  await expect(page.getByText('Not saved: offline').first()).toBeVisible();

  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(textField(page)).toHaveText('Second words.');
  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL('/contents/new');
});

test('a missing text and a missing page show that they were not found', async ({ page }) => {
  await signUp(page);
  await page.goto('/contents/0123456789abcdef01234567');
  await expect(page.getByRole('heading', { level: 1, name: 'Text not found' })).toBeVisible();
  await page.goto('/nowhere/at/all');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
});
