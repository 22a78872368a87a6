import type { Page } from '@playwright/test';

import { textField } from './editor';
import { openAccountMenu, PASSWORD, signUp, writeByHand } from './people';
import { expect, test } from './watch';

const KEPT = 'Your unsaved edit is kept on this device.';

const unsaved = (page: Page) => page.getByText(/^Not saved: /).first();

/** Makes every save fail until the returned function is called. */
async function refuseEdits(page: Page): Promise<() => Promise<void>> {
  await page.route('**/api/content/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  return () => page.unroute('**/api/content/*');
}

/** Opens a text and makes an edit that cannot be saved. */
async function beginEdit(page: Page, text: string): Promise<{ email: string; id: string }> {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await refuseEdits(page);
  await textField(page).fill(text);
  await expect(unsaved(page)).toBeVisible();
  return { ...account, id };
}

async function logInAs(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('an unsaved edit survives the end of the session, and is restored after the next login', async ({ page, context }) => {
  const { email, id } = await beginEdit(page, 'Second words.');
  await context.clearCookies();
  await page.unrouteAll();
  await page.route('**/api/content/**', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spent' } }),
  );
  await expect(page).toHaveURL('/login');
  await expect(page.getByText(KEPT)).toBeVisible();
  await page.unrouteAll();

  await logInAs(page, email);
  await expect(page).toHaveURL(`/contents/${id}`);
  await expect(textField(page)).toHaveText('Second words.');
  await expect(page.getByText(/^Saved /)).toBeVisible();
  await expect(page.getByText(KEPT)).toBeHidden();
});

test('an unsaved edit is not shown to another user who logs in', async ({ page, context }) => {
  const { id } = await beginEdit(page, 'Private words.');
  await context.clearCookies();
  page.on('dialog', (dialog) => void dialog.accept());
  await signUp(page);
  await page.goto(`/contents/${id}`);
  await expect(page.getByText("We can't find this text")).toBeVisible();
  await expect(page.getByText(KEPT)).toBeHidden();
});

test('leaving an edit that cannot be saved asks for confirmation, and closing the tab keeps the edit', async ({ page, context }) => {
  const { id } = await beginEdit(page, 'Second words.');
  await page.getByRole('link', { name: 'Your texts' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('link', { name: 'By hand' })).toBeVisible();
  await page.close();

  const other = await context.newPage();
  await other.goto(`/contents/${id}`);
  await other.getByRole('button', { name: 'Restore' }).click();
  await expect(textField(other)).toHaveText('Second words.');
  await expect(other.getByText(/^Saved /)).toBeVisible();
  await expect(other.getByText(KEPT)).toBeHidden();
});

test('two tabs keep separate unsaved edits of the same text', async ({ page, context }) => {
  const { id } = await beginEdit(page, 'From the first tab.');
  const other = await context.newPage();
  await refuseEdits(other);
  await other.goto(`/contents/${id}`);
  await textField(other).fill('From the second tab.');
  await expect(unsaved(other)).toBeVisible();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();

  await expect(textField(page)).toHaveText('From the first tab.');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText(KEPT)).toBeHidden();
  await expect(textField(page)).toHaveText('From the first tab.');
});

test('a text that was cleared is only saved after confirmation', async ({ page }) => {
  const account = await signUp(page);
  const id = await writeByHand(page, account, { title: 'By hand', generatedText: 'First words.' });
  await page.goto(`/contents/${id}`);
  await textField(page).fill('   ');
  await expect(page.getByText('Not saved: the text is empty.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(textField(page)).toHaveText('First words.');
  await textField(page).fill('');
  await page.getByRole('button', { name: 'Save without a text' }).click();
  await expect(page.getByText(/^Saved /)).toBeVisible();
  await page.getByRole('tab', { name: 'Versions' }).click();
  await expect(page.getByRole('button', { name: /^v1/ })).toBeVisible();
});

test('a request made offline is saved on the device, and is sent when the network is back', async ({ page, context }) => {
  await signUp(page);
  await page.goto('/contents/new');
  await expect(page.getByLabel('Title')).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You're offline. We'll keep trying; what you type is saved on this device.")).toBeVisible();
  await page.getByLabel('Title').fill('Typed in a tunnel');
  await page.getByLabel('Brief').fill('A post about tunnels');
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByText("Your request is saved and will be sent when you're back.")).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('Title')).toHaveValue('Typed in a tunnel');
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByText('Your request is saved')).toBeVisible();
  await context.setOffline(false);
  await page.getByRole('link', { name: 'Watch it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Typed in a tunnel' })).toBeVisible();
});

test('replacing a draft with an example can be undone, and the draft is kept after a reload', async ({ page }) => {
  await signUp(page);
  await page.goto('/contents/new');
  await page.getByLabel('Title').fill('Mine');
  await page.getByLabel('Brief').fill('My own words');
  await page.getByRole('button', { name: 'Use example' }).click();
  await expect(page.getByLabel('Title')).not.toHaveValue('Mine');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Brief')).toHaveValue('My own words');

  await page.getByRole('button', { name: 'Use example' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Continue it' }).click();
  await expect(page.getByLabel('Brief')).toHaveValue('My own words');
});

test('logging out asks for confirmation before it discards unsaved edits', async ({ page }) => {
  await beginEdit(page, 'Second words.');
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stay logged in' }).click();
  await expect(textField(page)).toHaveText('Second words.');
  await openAccountMenu(page);
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
});
