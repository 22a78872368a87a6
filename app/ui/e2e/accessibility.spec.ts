import type { Page } from '@playwright/test';

import { check, checkAsItLooks } from './axe';
import { textField } from './editor';
import { openAccountMenu, signUp, writeByHand } from './people';
import { expect, test } from './watch';

const TEXT = `# One

Some words, [a link](https://example.org) and \`code\`.

#### Two

- [x] done
- [ ] open

> quoted

| a | b |
|---|---|
| 1 | 2 |

\`\`\`
some code
\`\`\`
`;

/** Opens a content's page in a state that is otherwise too short to check. */
async function showAs(page: Page, id: string, changes: object): Promise<void> {
  await page.route(`**/api/content/${id}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { data: object };
    await route.fulfill({ response, json: { ...body, data: { ...body.data, ...changes } } });
  });
  await page.goto(`/contents/${id}`);
  await expect(page.getByRole('button', { name: 'Request, versions, checks' }).or(page.getByRole('tab', { name: 'Request' }))).toBeVisible();
}

const inFuture = () => new Date(Date.now() + 45_000).toISOString();
const beingMade = { generatedText: '', jobId: 'job', maxAttempts: 3, dueAt: null };

test('axe finds no problems on any page, with light and dark colours, on wide and narrow screens', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto('/login');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await check(page, 'login');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByText('Enter your email address.')).toBeVisible();
  await check(page, 'login with errors');

  await page.goto('/register');
  await page.getByLabel('Password', { exact: true }).fill('Abc');
  await check(page, 'registration');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Enter your first name.')).toBeVisible();
  await check(page, 'registration with errors');

  const account = await signUp(page);
  await page.goto('/contents');
  await expect(page.getByText('Your first text')).toBeVisible();
  await check(page, 'empty list');
  await openAccountMenu(page);
  await expect(page.getByRole('menu')).toBeVisible();
  await check(page, 'account menu');

  const id = await writeByHand(page, account, { title: 'A piece with everything in it '.repeat(6).trim(), generatedText: TEXT });
  await writeByHand(page, account, { title: 'W'.repeat(200), contentType: 'product', status: 'published' });
  await page.goto('/contents');
  await expect(page.getByRole('article')).toHaveCount(2);
  await check(page, 'list');
  await page.goto(`/contents?q=${'q'.repeat(120)}`);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await check(page, 'list without results');

  await page.goto('/contents/new');
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByText('Describe what you want.')).toBeVisible();
  await check(page, 'creation with errors');
  await page.getByRole('button', { name: 'Use example' }).click();
  await check(page, 'creation');

  await page.goto(`/contents/${id}`);
  await expect(textField(page)).toContainText('One');
  await check(page, 'finished text');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(textField(page)).toBeVisible();
  await expect(page.locator('nav:visible, aside:visible, header:visible, button:visible:not(h1 *)')).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });
  const bars = page.locator('.tab-bar, .text-toolbar');
  await expect(bars).toHaveCount(2);
  for (const bar of await bars.all()) await expect(bar).not.toHaveCSS('position', 'static');
  await page.setViewportSize({ width: 320, height: 256 });
  for (const bar of await bars.all()) await expect(bar).toHaveCSS('position', 'static');
  await page.setViewportSize({ width: 320, height: 800 });
  const preview = page.getByRole('button', { name: 'Preview' });
  await preview.click();
  await expect(page.getByRole('heading', { name: 'One' })).toBeVisible();
  await check(page, 'preview');
  await preview.click();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('button', { name: 'Request, versions, checks' }).click();
  await checkAsItLooks(page, 'request in the drawer');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await check(page, 'copy menu');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('button', { name: 'More formatting' }).click();
  await checkAsItLooks(page, 'overflow menu of the editor toolbar');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await check(page, 'More menu');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).getByRole('button').click();
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.getByLabel('Title').fill('');
  await expect(page.getByText('Give it a title.')).toBeVisible();
  await check(page, 'an empty title');
  await page.keyboard.press('Escape');

  await showAs(page, id, { ...beingMade, generationStatus: 'pending', dueAt: inFuture() });
  await check(page, 'waiting');
  await showAs(page, id, { ...beingMade, generationStatus: 'processing', attempt: 1 });
  await check(page, 'writing');
  await showAs(page, id, { ...beingMade, generationStatus: 'processing', attempt: 1, dueAt: inFuture() });
  await check(page, 'between two attempts');
  await showAs(page, id, { ...beingMade, generationStatus: 'failed', failureReason: 'Gemini API quota exceeded' });
  await check(page, 'failed');

  await page.goto('/contents/0123456789abcdef01234567');
  await expect(page.getByText('Text not found')).toBeVisible();
  await check(page, 'missing text');
  await page.goto('/nowhere');
  await expect(page.getByText('Page not found')).toBeVisible();
  await check(page, 'missing page');
});
