import { openAccountMenu, PASSWORD, signUp } from './people';
import { expect, test } from './watch';

test('a user ends other sessions, chooses the appearance, and exports and deletes the account', async ({ page }) => {
  const { email } = await signUp(page);
  const elsewhere = await page.request.post('/api/auth/login', { data: { email, password: PASSWORD } });
  const other = ((await elsewhere.json()) as { data: { access_token: string } }).data.access_token;
  const asOther = { Authorization: `Bearer ${other}` };
  await page.goto('/contents');

  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Settings' }).click();
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
