import { openAccountMenu, PASSWORD, signUp } from './people';
import { expect, test } from './watch';

test('a key is made, used and revoked, another session ends, and the account is deleted', async ({ page, browser }) => {
  const { email } = await signUp(page);
  const elsewhere = await page.request.post('/api/auth/login', { data: { email, password: PASSWORD } });
  const other = ((await elsewhere.json()) as { data: { access_token: string } }).data.access_token;
  const asOther = { Authorization: `Bearer ${other}` };
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

  const script = await browser.newContext();
  const withKey = { headers: { Authorization: `Bearer ${key}` } };
  const text = { title: 'From a script', contentType: 'blog', prompt: 'by hand' };
  const made = await script.request.post(new URL('/api/content', page.url()).href, { ...withKey, data: text });
  expect(made.status()).toBe(201);
  await page.reload();
  await expect(page.getByText(/last used/)).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke Shop import' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('You have no API keys yet.')).toBeVisible();
  await expect.poll(async () => (await script.request.get(new URL('/api/content', page.url()).href, withKey)).status()).toBe(401);
  await script.close();

  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByRole('button', { name: 'Log out everywhere else' }).click();
  await expect(page.getByText('You are logged in nowhere else.')).toBeVisible();
  await expect.poll(async () => (await page.request.get('/api/auth/me', { headers: asOther })).status()).toBe(401);

  await page.getByRole('link', { name: 'Appearance' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-appearance', 'dark');
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(22, 22, 19)');

  await page.getByRole('link', { name: 'Your data' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  expect((await download).suggestedFilename()).toBe('my-data.zip');
  await page.getByRole('button', { name: 'Delete account…' }).click();
  await page.getByLabel('Your password', { exact: true }).fill('WrongPass123');
  await page.getByRole('button', { name: 'Delete everything for good' }).click();
  await expect(page.getByLabel('Your password', { exact: true })).toHaveAccessibleDescription('This is not your password.');
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Delete everything for good' }).click();
  await expect(page.getByText('Your account and everything in it is deleted.')).toBeVisible();
  const login = await page.request.post('/api/auth/login', { data: { email, password: PASSWORD } });
  expect(login.status()).toBe(401);
});
