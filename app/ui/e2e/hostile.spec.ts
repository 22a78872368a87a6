import { preview, textField } from './editor';
import { createThroughTheForm, signUp, writeByHand } from './people';
import { answerWith, uniqueWord } from './standin';
import { expect, test } from './watch';

const HOSTILE = `# A perfectly harmless post

<script>window.hacked = 'script'</script>
<img src="x" onerror="window.hacked = 'onerror'">
<svg onload="window.hacked = 'onload'"></svg>
<iframe src="https://evil.example/frame"></iframe>
<a href="javascript:window.hacked = 'anchor'">anchor</a>
<style>body { background: url(https://evil.example/style.png) }</style>

[click me](javascript:window.hacked='link') and [me](data:text/html,<script>window.hacked=1</script>)

![a pixel](https://evil.example/pixel.png) ![local](/api/auth/logout)

This post has enough words to pass for a text that somebody could have wanted, with a [good link](https://example.org/).`;

/** Checks that showing the text did no harm. Requests to other origins fail every test (see watch.ts). */
async function expectHarmless(page: import('@playwright/test').Page) {
  await expect(textField(page)).toContainText('harmless post');
  const article = await preview(page);
  await expect(article.getByRole('link', { name: 'good link' })).toHaveAttribute('rel', /noopener/);
  await expect(article.getByText('Image: a pixel')).toBeVisible();
  await expect(article.locator('script, img, svg, iframe, style, [onerror], [onload]')).toHaveCount(0);
  await article.getByText('click me').click();
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  const addresses = await article.getByRole('link').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(addresses).toContain('https://example.org/');
  expect(addresses.filter((address) => !address.startsWith('https://'))).toEqual([]);
}

test('a hostile text from the model runs no scripts and loads nothing', async ({ page }) => {
  const word = uniqueWord();
  await answerWith(word, [{ text: HOSTILE }]);
  await signUp(page);
  await createThroughTheForm(page, /Social media post/, 'Harmless', `Say ${word}`);
  await expectHarmless(page);
});

test('hostile markup in every field is shown as plain text', async ({ page }) => {
  const account = await signUp(page);
  const words = `"><img src=x onerror="window.hacked='field'"><script>window.hacked=1</script>`;
  const id = await writeByHand(page, account, { title: words, prompt: words, generatedText: HOSTILE });
  await page.goto('/contents');
  await expect(page.getByRole('link', { name: words })).toBeVisible();
  await page.goto(`/contents/${id}`);
  await expect(page.getByRole('heading', { level: 1, name: words })).toBeVisible();
  await expectHarmless(page);
});
