import { openAccountMenu, signUp } from './people';
import { runDocumentedScript } from './script';
import { answerWith, uniqueWord } from './standin';
import { expect, test } from './watch';

const SENTENCE = 'It keeps tea warm for an hour, and it survives the dishwasher. ';

test('the documented script writes texts with a new API key, their usage and cost are shown, and the revoked key is rejected', async ({ page, baseURL }) => {
  const products = Array.from({ length: 3 }, () => `Mug ${uniqueWord()}`);
  for (const product of products) await answerWith(product, [], { text: `The ${product}. ${SENTENCE.repeat(10)}` });
  await signUp(page);
  await page.goto('/contents');
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('Shop import');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.getByText("Copy it now. We won't show it again.")).toBeVisible();
  const key = (await page.getByRole('region', { name: /Shop import/ }).locator('code').textContent()) ?? '';
  expect(key).toMatch(/^acg_/);
  await page.getByRole('button', { name: "I've saved it" }).click();

  const run = await runDocumentedScript(baseURL ?? '', key, products);
  expect(run.complaints).toBe('');
  for (const product of products) expect(run.printed).toContain(`The ${product}.`);

  await page.getByRole('link', { name: 'Usage' }).click();
  const texts = page.getByRole('term').filter({ hasText: 'Texts' });
  const cost = page.getByRole('term').filter({ hasText: 'Cost' });
  await expect(texts.locator('+ dd')).toHaveText(/^3/);
  await expect(cost.locator('+ dd')).toHaveText(/^\$\d*\.?\d*[1-9]/);
  const row = page.getByRole('region', { name: 'By type and model' }).getByRole('row').filter({ hasText: 'Product description' });
  await expect(row.getByRole('cell')).toHaveText([/./, /./, '3', '3', /^[\d,]+$/, /^\$\d*\.?\d*[1-9]/]);

  await page.goto('/settings/keys');
  await expect(page.getByText(/last used/)).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke Shop import' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('You have no API keys yet.')).toBeVisible();
  const refused = await runDocumentedScript(baseURL ?? '', key, [`Mug ${uniqueWord()}`]);
  expect(refused.code).toBe(1);
  expect(refused.complaints).toContain('401');
});
