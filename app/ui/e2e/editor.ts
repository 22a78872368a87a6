import type { Locator, Page } from '@playwright/test';

/** The field of the page of a text in which its words are written. */
export function textField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Text', exact: true });
}

/** The text as it is read. */
export async function preview(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Preview' }).click();
  return page.getByRole('article', { name: 'The text' });
}
