import { check } from './axe';
import { signUp, writeByHand } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

test('axe finds nothing on the pages of templates, and on the library with a selection', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'كوب من الخزف', generatedText: 'Some words.' });
  await writeByHand(page, account, { title: 'A long title '.repeat(15).trim(), generatedText: 'Some words.' });
  await page.goto('/contents');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await check(page, 'selection');
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('Spring');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await expect(page.getByRole('link', { name: 'Spring' })).toHaveCount(2);
  await check(page, 'tags');
  await page.getByRole('button', { name: /^More for A long/ }).click();
  await check(page, 'menu of a text');

  await page.goto('/templates');
  await expect(page.getByText('You have no template of your own yet.')).toBeVisible();
  await check(page, 'templates');
  await page.goto('/templates/new');
  await page.getByRole('button', { name: 'Save' }).click();
  await check(page, 'a new template with errors');
  await page.goto(`/templates/new?from=${id}`);
  await expect(page.getByRole('form', { name: 'Template' })).toBeVisible();
  await check(page, 'a template of a text');
  await page.goto('/templates');
  await page.getByRole('link', { name: 'Use Product (short)' }).click();
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByText(/ has no value\. Fill it in/).first()).toBeVisible();
  await check(page, 'a template in use, with errors');
});

test('axe finds nothing in the four steps of a batch, and on its page', async ({ page }) => {
  const word = uniqueWord();
  await answerWith(`${word}a`, [{ status: 400 }]);
  await answerWith(`${word}b`, [{ hold: true }]);
  await signUp(page);
  await page.goto('/bulk');
  await page.getByLabel('Paste rows from a spreadsheet').fill(`product_name,price\nMug ${word}a,12\nMug ${word}b,14\nBowl,\nJug,1,2,3`);
  await page.getByRole('button', { name: 'Read the rows' }).click();
  await expect(page.getByText('Decide about the rows that are marked first.')).toBeVisible();
  await check(page, 'rows with one that has too many cells');
  await page.getByRole('button', { name: 'Upload a file' }).click();
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByRole('button', { name: 'Paste', exact: true }).click();
  await page.getByLabel('Paste rows from a spreadsheet').fill(`name,features\nMug ${word}a,blue\nMug ${word}b,red\nBowl,`);
  await page.getByRole('button', { name: 'Read the rows' }).click();
  await page.getByRole('button', { name: 'Choose a template' }).click();

  await page.getByLabel('Template', { exact: true }).selectOption({ label: 'Product (short)' });
  await expect(page.getByText(/^No column for/)).toBeVisible();
  await check(page, 'a template with a variable that has no column');
  await page.getByLabel('Product name').selectOption({ label: 'name' });
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await expect(page.getByText('1 of 3 rows cannot be written yet. Nothing has been sent.')).toBeVisible();
  await check(page, 'rows with faults');
  await page.getByRole('button', { name: 'Leave this row out' }).click();
  await expect(page.getByText('All 2 rows are good.')).toBeVisible();
  await check(page, 'rows that are good');
  await page.getByRole('button', { name: 'Continue' }).click();
  await check(page, 'the last step');
  await page.getByRole('button', { name: 'Write 2' }).click();

  await expect(page.getByText(/^1 of 2 done · 1 failed/)).toBeVisible();
  await check(page, 'a batch that runs');
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  await check(page, 'a question about the rest of a batch');
  await page.keyboard.press('Escape');
  await release(`${word}b`);
  await expect(page.getByText('2 of 2 done · 1 failed', { exact: true })).toBeVisible();
  await check(page, 'a batch that has ended');
  await page.goto('/bulk');
  await expect(page.getByRole('region', { name: 'Your batches' })).toBeVisible();
  await check(page, 'rows and batches');
});
