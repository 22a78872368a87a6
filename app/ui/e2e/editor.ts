import type { Locator, Page } from '@playwright/test';

/** The editor field on the page of a text. */
export function textField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Text', exact: true });
}

/** The formatted text. */
export async function preview(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Preview' }).click();
  return page.getByRole('article', { name: 'The text' });
}
