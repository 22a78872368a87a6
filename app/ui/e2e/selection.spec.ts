import { textField } from './editor';
import { requestText, signUp, untilWritten } from './people';
import { answerWith, uniqueWord } from './standin';
import { expect, test } from './watch';

test('selected words are rewritten in place, and the rest of the text does not change', async ({ page }) => {
  const word = uniqueWord();
  const rest = 'Compost feeds the beds in spring, and the balcony stays green until the first frost comes. '.repeat(6).trim();
  await answerWith(word, [{ text: `The 🐝🐝 ${word} hums in the garden all day long and never stops.\n\n${rest}` }], { text: `The ${word} hums.` });
  const account = await signUp(page);
  const id = await requestText(page, account, { title: 'Balcony', prompt: `Bees and ${word}`, contentType: 'product', runAt: 'now' });
  await untilWritten(page, account, id);
  await page.goto(`/contents/${id}`);

  const field = textField(page);
  await field.locator('.cm-line').first().click({ clickCount: 3 });
  await expect(page.getByRole('group', { name: 'Rewrite the selected words' })).toBeVisible();
  await page.keyboard.press('Control+.');
  await page.getByRole('menuitem', { name: 'Shorter' }).press('Enter');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();

  await expect(field).not.toContainText('never stops');
  await expect(field.locator('.cm-line')).toHaveText([`The ${word} hums.`, '', rest]);
});
