import type { Page } from '@playwright/test';

import { preview, textField } from './editor';
import { createThroughTheForm, requestText, signUp, untilBegun } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

const PARTS = Array.from({ length: 60 }, (_, index) => `Sentence number ${index + 1} is about tomatoes on balconies.`);
const TEXT = `# Tomatoes\n\n${PARTS.slice(0, 20).join(' ')}\n\n## Water\n\n${PARTS.slice(20).join(' ')}`;

const soFar = (page: Page) => page.getByRole('region', { name: 'The text so far' });

/** Opens the page of a text that the stand-in writes as `step` says, if its prompt contains `word`. `runAt` is when it starts. */
async function openText(page: Page, step: object, { runAt, word = uniqueWord() }: { runAt?: string; word?: string } = {}): Promise<string> {
  const account = await signUp(page);
  await answerWith(word, [step]);
  const id = await requestText(page, account, { title: 'Tomatoes', prompt: `Say ${word}`, ...(runAt && { runAt }) });
  await page.goto(`/contents/${id}`);
  return id;
}

test('a text is shown while it is written, keeps its beginning after a reload, and is stored as it was written', async ({ page }) => {
  const word = uniqueWord();
  await openText(page, { text: TEXT, pieceMs: 150, holdAfter: 10 }, { word, runAt: new Date(Date.now() + 600_000).toISOString() });
  await expect(page.getByText('In line. Writing begins in')).toBeVisible();
  await page.getByRole('button', { name: 'Write now' }).click();
  await expect(soFar(page)).toContainText('Sentence number 1 is');
  await expect(page.getByText(/^Writing… \d+ words/)).toBeVisible();
  await page.reload();
  await expect(soFar(page)).toContainText('Sentence number 1 is');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await release(word);
  await expect(textField(page)).toContainText('Sentence number 1 is');
  const article = await preview(page);
  await expect(article).toContainText('Sentence number 60 is about tomatoes on balconies.');
  await expect(article).toContainText('Sentence number 1 is');
  await expect(article.getByRole('heading', { name: 'Water' })).toBeVisible();
});

test('a response that arrives after the writing has started does not show the text as waiting again', async ({ page }) => {
  const account = await signUp(page);
  const word = uniqueWord();
  await answerWith(word, [{ hold: true }]);
  await page.route('**/api/content/generate', async (route) => {
    const response = await route.fetch();
    const { data } = (await response.json()) as { data: { id: string } };
    await untilBegun(page, account, data.id);
    await route.fulfill({ response });
  });
  await createThroughTheForm(page, /Social media post/, 'Overtaken', `Say ${word}`);
  await expect(page.getByText('Writing…')).toBeVisible();
  await release(word);
  await expect(textField(page)).toContainText(/\w+ \w+/);
});

test('a reader who scrolls up is not scrolled back down, and can go to the end', async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 400 });
  const word = uniqueWord();
  await openText(page, { text: TEXT, pieceMs: 100, holdAfter: 10, stallAfter: 16 }, { word });
  await expect(soFar(page)).toContainText('Sentence number 12 is');
  // A line that arrives in the same frame as the wheel still moves the page by its height.
  await expect(async () => {
    await page.mouse.wheel(0, -2_000);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  }).toPass();
  await expect(page.getByRole('button', { name: 'Go to the end' })).toBeVisible();
  await release(word);
  await expect(soFar(page)).toContainText('Sentence number 18 is');
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});

test('a stopped text is kept and does not grow, and can be continued with a new attempt', async ({ page }) => {
  await openText(page, { text: TEXT, pieceMs: 100, holdAfter: 10 });
  await expect(soFar(page)).toContainText('Sentence number 3 is');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/^Stopped. You kept \d+ words.$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use as it is' })).toBeVisible();
  const kept = await soFar(page).innerText();
  await page.reload();
  await expect(soFar(page)).toHaveText(kept, { useInnerText: true });

  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(textField(page)).toContainText(/\w+ \w+/);
});

test('the partial text of a stopped generation can be used as it is', async ({ page }) => {
  await openText(page, { text: TEXT, pieceMs: 100, holdAfter: 10 });
  await expect(soFar(page)).toContainText('Sentence number 3 is');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Use as it is' }).click();
  await expect(textField(page)).toContainText('Sentence number 3 is');
});

test('a failed text is retried on the same page', async ({ page }) => {
  const id = await openText(page, { status: 400 });
  await expect(page.getByRole('heading', { name: 'We couldn’t write this one' })).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(textField(page)).toContainText(/\w+ \w+/);
  expect(page.url()).toContain(id);
});
