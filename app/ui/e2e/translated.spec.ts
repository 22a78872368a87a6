import { textField } from './editor';
import { newEmail, openAccountMenu, PASSWORD } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { translate } from './translate';
import { expect, test } from './watch';

test('the app does not break when the browser translates its pages', async ({ page, context }) => {
  test.setTimeout(240_000);
  const word = uniqueWord();
  await answerWith(word, [{ status: 503, hold: true }]);
  await page.goto('/register');
  await translate(page);
  await expect(page.locator('font').first()).toBeAttached();

  // Registration: errors appear and disappear, fields and rules change, the form is submitted.
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Choose a password.')).toBeVisible();
  const email = newEmail();
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('Abc');
  await page.getByRole('button', { name: 'Show password' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Your first text')).toBeVisible();

  // The creation form with its counters, its example and its notices.
  await page.getByRole('link', { name: 'Write one' }).click();
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByText('Describe what you want.')).toBeVisible();
  await page.getByRole('radio', { name: /Product description/ }).check();
  await page.getByRole('button', { name: 'Use example' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Title')).toHaveValue('');
  await page.getByRole('radio', { name: /Social media post/ }).check();
  await page.getByLabel('Title').fill('Translated');
  await page.getByLabel('Brief').fill(`Say ${word}`);
  await page.getByRole('button', { name: 'Write it' }).click();

  // Generation: writing, a failed attempt, waiting, the text.
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('Writing…');
  await release(word);
  await expect(page.getByText(/so we’re trying again/)).toBeVisible();
  await expect(textField(page)).toContainText(/\w+ \w+/);

  // Editing: an empty title is rejected and another one saved; the preview shows the text, also after a change.
  await page.getByRole('heading', { level: 1 }).getByRole('button').click();
  await page.getByLabel('Title').fill('');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Give it a title.')).toBeVisible();
  await page.getByLabel('Title').fill('Translated and edited');
  await page.keyboard.press('Enter');
  const preview = page.getByRole('button', { name: 'Preview' });
  const article = page.getByRole('article', { name: 'The text' });
  await textField(page).fill('First **bold** words.\n\n- one\n- two');
  await preview.click();
  await expect(article).toContainText('First bold words.');
  await preview.click();
  await textField(page).fill('Other words without marks.');
  await preview.click();
  await expect(article).toContainText('Other words without marks.');
  await expect(article).not.toContainText('First');
  await expect(page.getByText(/^Saved /)).toBeVisible();

  // Marking the text as final, changing it back to a draft, copying.
  await page.getByRole('button', { name: 'Mark as final' }).click();
  await page.getByRole('button', { name: 'Back to draft' }).click();
  await expect(page.getByRole('button', { name: 'Mark as final' })).toBeVisible();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('menuitem', { name: 'Markdown' }).click();

  // The list with its filters, and a network that is lost and restored.
  await page.getByRole('link', { name: 'Your texts' }).click();
  await expect(page.getByRole('link', { name: 'Translated and edited' })).toBeVisible();
  await page.getByLabel('Status').selectOption('published');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await context.setOffline(true);
  await expect(page.getByText("You're offline.")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You're offline.")).toBeHidden();

  // Deleting, logging out, a failed login and a successful one.
  await page.getByRole('link', { name: 'Translated and edited' }).click();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByText('Your first text')).toBeVisible();
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.getByText("You're logged out.")).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('WrongPass123');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByText('Your first text')).toBeVisible();
});
