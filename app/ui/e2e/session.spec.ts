import type { Page } from '@playwright/test';

import { newEmail, openAccountMenu, PASSWORD, signUp, writeByHand } from './people';
import { expect, test } from './watch';

async function logIn(page: Page, email: string, password = PASSWORD) {
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('a reload keeps the user logged in, and scripts cannot access any token', async ({ page, context }) => {
  await signUp(page);
  await page.goto('/contents');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Library' })).toBeVisible();

  const kept = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]));
  expect(kept).not.toMatch(/eyJ/);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  const [cookie, ...others] = await context.cookies(new URL('/api/auth/refresh', page.url()).href);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/auth' });
  expect(others).toEqual([]);
});

test('after logging in or registering, the user is taken to the page they wanted', async ({ page }) => {
  const { email } = await signUp(page);
  await page.context().clearCookies();
  await page.goto('/contents?type=blog');
  await expect(page).toHaveURL('/login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('link', { name: 'Log in' }).click();
  await logIn(page, email);
  await expect(page).toHaveURL('/contents?type=blog');
});

test('a failed login and an email that is already registered show errors in the right places', async ({ page }) => {
  const { email } = await signUp(page);
  await page.context().clearCookies();
  await page.goto('/login');
  await logIn(page, email, 'WrongPass123');
  await expect(page.getByRole('alert')).toContainText("That email and password don't match.");

  await page.goto('/register');
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/already have an account/);

  await page.getByLabel('Email').fill(newEmail());
  await page.getByLabel('First name').fill('<b>1</b>');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('First name')).toHaveAccessibleDescription(/letters/);
  await expect(page.getByLabel('First name')).toBeFocused();
});

test('the first invalid field gets the focus', async ({ page }) => {
  await page.goto('/register');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Choose a password.')).toBeVisible();
  await expect(page.getByLabel('First name')).toBeFocused();
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Email')).toBeFocused();

  await page.goto('/login');
  await page.getByLabel('Password', { exact: true }).fill('x');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByLabel('Email')).toBeFocused();
});

test('an access token that the server rejects is renewed once for all waiting requests', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'Some words.' });
  await page.goto('/contents');
  await expect(page.getByRole('link', { name: 'By hand' })).toBeVisible();

  let refreshes = 0;
  let refused = 0;
  page.on('request', (request) => (refreshes += request.url().endsWith('/api/auth/refresh') ? 1 : 0));
  page.on('response', (response) => (refused += response.status() === 401 ? 1 : 0));
  const current = await tokenInUse(page);
  await page.route('**/api/content**', async (route) => {
    const headers = route.request().headers();
    // Requests with the old token get an invalid one instead, so that the server rejects them as if it had expired.
    const spent = headers.authorization === current ? { ...headers, authorization: 'Bearer spent' } : headers;
    await route.continue({ headers: spent });
  });

  await Promise.all([
    page.getByLabel('Type').selectOption('Blog posts'),
    page.getByRole('link', { name: 'By hand' }).hover(),
    page.getByLabel('Status').selectOption('Drafts'),
  ]);
  await expect(page).toHaveURL('/contents?type=blog&status=draft');
  // Leaving the list cancels its requests, so wait for a rejection first.
  await expect.poll(() => refused).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'By hand' }).click();
  await expect(page).toHaveURL(`/contents/${id}`);
  await expect(page.getByText('Some words.')).toBeVisible();
  expect(refreshes).toBe(1);
});

/** Returns the Authorization header that the page currently sends. */
async function tokenInUse(page: Page): Promise<string | undefined> {
  const request = page.waitForRequest(/\/api\/content/);
  await page.getByLabel('Generation').selectOption('Ready');
  const header = (await request).headers().authorization;
  await page.getByLabel('Generation').selectOption('Any state');
  await expect(page.getByRole('link', { name: 'By hand' })).toBeVisible();
  return header;
}

test('when the session has ended, the user logs in and returns to the same page', async ({ page, context }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'Some words.' });
  await page.goto('/contents');
  await expect(page.getByRole('link', { name: 'By hand' })).toBeVisible();
  await context.clearCookies();
  await page.route(`**/api/content/${id}`, (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spent' } }),
  );
  await page.getByRole('link', { name: 'By hand' }).click();
  await expect(page.getByText('Your session ended.')).toBeVisible();

  await page.unrouteAll();
  await logIn(page, account.email);
  await expect(page).toHaveURL(`/contents/${id}`);
  await expect(page.getByText('Some words.')).toBeVisible();
});

test('logging out or in in one tab does the same in the other', async ({ page, context }) => {
  const { email } = await signUp(page);
  await page.goto('/contents');
  const other = await context.newPage();
  await other.goto('/contents/new');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();

  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
  await expect(other).toHaveURL('/login');

  await logIn(other, email);
  await expect(other).toHaveURL('/contents');
  await expect(page).toHaveURL('/contents');
});

test('many tabs opened at the same time all stay logged in', async ({ page, context }) => {
  await signUp(page);
  const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto('/contents')));
  for (const tab of tabs) await expect(tab.getByRole('heading', { name: 'Library' })).toBeVisible();
});
