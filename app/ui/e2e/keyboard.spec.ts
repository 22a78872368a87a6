import { signUp } from './people';
import { expect, test } from './watch';

test('the app can be used with only the keyboard', async ({ page }) => {
  await signUp(page);
  await page.goto('/contents');
  await expect(page.getByText('Your first text')).toBeVisible();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'New text' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  await expect(page.getByRole('radio', { name: /Blog post/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: /Blog post/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /Social media post/ })).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.type('A post about keyboards');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Typed without a mouse');
  await page.keyboard.press('Control+Enter');

  await expect(page.getByRole('heading', { level: 1, name: 'Typed without a mouse' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Log out' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Account of Ada Lovelace' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/login');
});
