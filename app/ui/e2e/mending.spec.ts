import { requestText, signUp, untilWritten } from './people';
import { answerWith, uniqueWord } from './standin';
import { expect, test } from './watch';

const SENTENCE = 'Compost feeds the beds in spring, and the balcony stays green until the first frost comes. ';

test('a missing keyword is added: the changes are shown first, then the check passes and the new version shows its cost', async ({ page }) => {
  const keyword = uniqueWord();
  const text = `${SENTENCE.repeat(4).trim()}\n\n${SENTENCE.repeat(4).trim()}`;
  await answerWith(keyword, [{ text }], { text: `${SENTENCE.repeat(4).trim()} A ${keyword} helps.` });
  const account = await signUp(page);
  const brief = { words: 120, keywords: ['compost', keyword] };
  const id = await requestText(page, account, { title: 'Balcony', prompt: `Compost and ${keyword}`, contentType: 'product', brief, runAt: 'now' });
  await untilWritten(page, account, id);
  await page.goto(`/contents/${id}`);

  await page.getByRole('tab', { name: 'Checks' }).click();
  const panel = page.getByRole('tabpanel');
  const check = panel.getByRole('listitem').filter({ hasText: new RegExp(`^(To look at|Kept):Keyword“${keyword}”`) });
  await expect(check).toContainText(/^To look at:.*does not occur/);
  await panel.getByRole('button', { name: `Mend Keyword “${keyword}”: 1 passage` }).click();
  const suggestion = panel.getByRole('region', { name: `Suggestion: Keyword “${keyword}”` });
  await expect(suggestion.locator('ins').filter({ hasText: keyword })).toBeVisible();
  await suggestion.getByRole('button', { name: 'Accept' }).click();

  await expect(check).toContainText(/^Kept:.*occurs once/);
  await page.getByRole('tab', { name: 'Versions' }).click();
  const version = panel.getByRole('button', { name: /^v2/ });
  await expect(version).toContainText('Rewritten');
  await expect(version).toContainText(/\$\d*\.?\d*[1-9]\d* · [\d,]+ tokens/);
});
