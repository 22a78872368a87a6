import type { CDPSession, Page } from '@playwright/test';

import { textField } from './editor';
import { signUp, writeByHand } from './people';
import { expect, test } from './watch';

/** Types like an input method (IME): the composed text changes until the user chooses a word. */
async function compose(keyboard: CDPSession, steps: readonly string[], chosen: string): Promise<void> {
  for (const text of steps) await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await keyboard.send('Input.insertText', { text: chosen });
}

async function openText(page: Page, generatedText: string): Promise<void> {
  const account = await signUp(page);
  await page.goto(`/contents/${await writeByHand(page, account, { title: 'By hand', generatedText })}`);
  await textField(page).click();
}

const saved = (page: Page) => page.getByText(/^Saved /);
const lines = (page: Page) => textField(page).locator('.cm-line');

test('words composed with an input method are stored as chosen, even if a save happens during the composition', async ({ page, context }) => {
  const keyboard = await context.newCDPSession(page);
  await openText(page, '# 標題\n\n第一段。\n');
  await page.keyboard.press('Control+End');
  await compose(keyboard, ['n', 'ni', 'nih', 'niha', 'nihao'], '你好');
  await compose(keyboard, ['k', 'こ', 'こn', 'こん', 'こんにちは'], '今日は');
  // The text is saved in the middle of a composition.
  const save = page.waitForResponse((response) => response.request().method() === 'PUT');
  await keyboard.send('Input.imeSetComposition', { text: 'せか', selectionStart: 2, selectionEnd: 2 });
  await save;
  await compose(keyboard, ['せかい'], '世界');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await compose(keyboard, ['ㅎ', '하', '한', '한그'], '한글');
  const written = ['# 標題한글', '', '第一段。', '你好今日は世界'];
  await expect(lines(page)).toHaveText(written);
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(lines(page)).toHaveText(written);
});

test('a text of 200,000 characters can be edited, and is kept on the device although the server rejects it', async ({ page }) => {
  await openText(page, 'Begin.');
  await page.keyboard.press('Control+End');
  const pasted = `${'Compost feeds the **beds** in spring. '.repeat(13)}\n\n`.repeat(420).slice(0, 200_000);
  await textField(page).evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, pasted);
  await page.keyboard.type(' Typed at the end.');
  await expect(lines(page).last()).toContainText(/Typed at the end\.$/);
  await expect(page.getByText('Not saved: Must be at most 100,000 characters.').first()).toBeVisible();

  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await textField(page).click();
  await page.keyboard.press('Control+End');
  await expect(lines(page).last()).toContainText(/Typed at the end\.$/);
  await page.keyboard.press('Control+Home');
  await expect(lines(page).first()).toContainText(/^Begin\.Compost/);
});
