import { check } from './axe';
import { asClient, logInAsOperator, requestText, signUp, untilWritten } from './people';
import { expect, test } from './watch';

/** The sections of the settings, each with a text that is visible once the section has loaded. */
const SETTINGS = {
  profile: 'First name',
  password: 'Current password',
  sessions: 'Log out everywhere else',
  appearance: 'Dark',
  defaults: 'Tone',
  keys: 'Shop import',
  webhooks: 'https://example.com/hooks',
  data: 'Delete account…',
};

test('axe finds no problems in the settings, on the usage page and on the page for setting a new password', async ({ page }) => {
  const account = await signUp(page);
  await page.goto('/usage');
  await expect(page.getByText(/^Nothing used in/)).toBeVisible();
  await check(page, 'usage, empty');
  const id = await requestText(page, account, { title: 'A mug', contentType: 'product', runAt: 'now' });
  const headers = await asClient(page, account);
  await page.request.post('/api/auth/keys', { headers, data: { name: 'Shop import', scopes: ['content:read'] } });
  await page.request.post('/api/webhooks', { headers, data: { url: 'https://example.com/hooks', events: ['content.generation.completed'] } });

  for (const [section, sign] of Object.entries(SETTINGS)) {
    await page.goto(`/settings/${section}`);
    await expect(page.locator('main').getByText(sign).first()).toBeVisible();
    await check(page, `settings, ${section}`);
  }
  await page.getByRole('button', { name: 'Delete account…' }).click();
  await page.getByRole('button', { name: 'Delete everything for good' }).click();
  await expect(page.getByText('Enter your password.')).toBeVisible();
  await check(page, 'deleting the account');
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('Another');
  await check(page, 'a new key');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.getByText("Copy it now. We won't show it again.")).toBeVisible();
  await check(page, 'a key that is shown once');
  await page.goto('/settings/webhooks');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.getByText('Enter an address.')).toBeVisible();
  await check(page, 'a new webhook with errors');

  await untilWritten(page, account, id);
  await page.goto('/usage');
  await expect(page.getByRole('region', { name: 'By type and model' })).toBeVisible();
  await check(page, 'usage');
  await page.goto('/reset-password');
  await expect(page.getByText(/^The link is incomplete/)).toBeVisible();
  await check(page, 'an incomplete link');
  await page.goto('/login');
  await page.goto('/reset-password#token');
  await page.getByLabel('New password', { exact: true }).fill('Abc');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toBeVisible();
  await check(page, 'a new password with errors');
});

/** The operators' pages, each with a text that is visible once the page has loaded. */
const ADMIN = { people: 'Search by name or email', queue: 'Waiting', usage: 'Texts', provider: 'Test the connection', record: 'created an account' };

test("axe finds no problems on the operators' pages", async ({ page }) => {
  await logInAsOperator(page);
  for (const [section, sign] of Object.entries(ADMIN)) {
    await page.goto(`/admin/${section}`);
    await expect(page.locator('main').getByText(sign).first()).toBeVisible();
    await check(page, `admin, ${section}`);
  }
  await page.goto('/admin/provider');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('The model answers')).toBeVisible();
  await check(page, 'a provider that answers');
  await page.goto('/admin/people');
  await page.getByRole('button', { name: /^Limits/ }).first().click();
  await check(page, "a person's limits");
});
