import { readFile } from 'node:fs/promises';

import { newEmail, openAccountMenu, PASSWORD, signUp, writeByHand } from './people';
import { answerWith, uniqueWord } from './standin';
import { expect, test } from './watch';

// The whole way with everything moving as it does for most people.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('a person registers, has a text written, edits, publishes, finds, takes and deletes it, and logs out', async ({ page }) => {
  // Long enough to be seen while it is written.
  const word = uniqueWord();
  await answerWith(word, [{ delayMs: 1500 }]);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Write 60 product descriptions before lunch' })).toBeVisible();
  await page.getByRole('link', { name: 'Create account' }).click();
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Email').fill(newEmail());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();

  await page.getByRole('link', { name: 'Write the first one' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What shall we write?' })).toBeFocused();
  await page.getByRole('radio', { name: /Blog post/ }).check();
  await page.getByLabel('Title').fill('Balcony tomatoes');
  await page.getByLabel('Brief').fill(`How to grow tomatoes on a balcony, ${word}`);
  await page.reload();
  await expect(page.getByLabel('Title')).toHaveValue('Balcony tomatoes');
  await page.getByRole('button', { name: 'Write it' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Balcony tomatoes' })).toBeVisible();
  await expect(page.getByText('Writing…')).toBeVisible();
  await expect(page.getByRole('article', { name: 'The text' })).toContainText(/\w+ \w+/);
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Edit' }).click();
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.getByLabel('Title').fill('Tomatoes above the street');
  await page.getByLabel('Text', { exact: true }).fill('# Begin\n\nA *small* balcony is enough.\n\n- sun\n- water');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tomatoes above the street' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'Begin' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit' })).toBeFocused();

  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('button', { name: 'Unpublish' })).toBeVisible();
  await expect(page.getByText('Published', { exact: true })).toBeVisible();

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('menuitem', { name: 'Copy as text' }).click();
  await expect.poll(clipboard).toBe('Begin\n\nA small balcony is enough.\n\n• sun\n• water');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
  await expect.poll(clipboard).toBe('# Begin\n\nA *small* balcony is enough.\n\n- sun\n- water');

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download .md' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('tomatoes-above-the-street.md');
  expect(await readFile(await download.path(), 'utf8')).toContain('# Begin');

  await page.getByRole('link', { name: 'Your texts' }).click();
  await page.getByLabel('Status').selectOption('Published');
  await expect(page).toHaveURL('/contents?status=published');
  await expect(page.getByRole('link', { name: 'Tomatoes above the street' })).toBeVisible();
  await page.getByLabel('Status').selectOption('Drafts');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: 'Tomatoes above the street' }).click();

  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete this text?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Delete' })).toBeFocused();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: 'Write the first one' })).toBeVisible();

  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
  await page.goto('/contents');
  await expect(page).toHaveURL('/login');
});

test('unsaved changes are not lost without a question', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Text', { exact: true }).fill('Second words.');

  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByLabel('Text', { exact: true })).toHaveValue('Second words.');
  await page.getByRole('link', { name: 'New text' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL('/contents/new');
});

test('a text that is not there and a page that is not there say so', async ({ page }) => {
  await signUp(page);
  await page.goto('/contents/0123456789abcdef01234567');
  await expect(page.getByRole('heading', { level: 1, name: 'Text not found' })).toBeVisible();
  await page.goto('/nowhere/at/all');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
});
