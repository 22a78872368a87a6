import { socketSwitch } from './network';
import { createThroughTheForm, requestText, signUp, untilWritten } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

const OFF = 'Live updates are off';

test('a finished text appears in every tab and in the list, without reloading or polling', async ({ page, context }) => {
  const account = await signUp(page);
  const list = await context.newPage();
  await list.goto('/contents');
  await expect(list.getByText('Your first text')).toBeVisible();
  const word = uniqueWord();
  await answerWith(word, [{ hold: true }]);
  const id = await requestText(page, account, { title: 'For all tabs', prompt: `Say ${word}` });
  await page.goto(`/contents/${id}`);
  await list.reload();
  await expect(list.getByRole('article').getByText(/^(Waiting|Writing)$/)).toBeVisible();
  await expect(page.getByText('Writing…')).toBeVisible();
  await context.route('**/content/job/**', (route) => route.abort());
  await release(word);

  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();
  await expect(list.getByRole('article').getByText('Draft')).toBeVisible();
  await expect(list.getByRole('status').filter({ hasText: '“For all tabs” is ready.' })).toBeVisible();
});

test('without the socket a notice is shown and the text still arrives; later the live updates resume', async ({ page }) => {
  const socket = await socketSwitch(page);
  const account = await signUp(page);
  await page.goto('/contents');
  await expect(page.getByText('Your first text')).toBeVisible();
  await socket.cut();
  await expect(page.getByText(OFF)).toBeVisible();

  await createThroughTheForm(page, /Social media post/, 'Without the socket', 'A post about patience');
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();

  socket.restore();
  await expect(page.getByText(OFF)).toBeHidden();
  const id = await requestText(page, account, { title: 'With the socket again' });
  await page.getByRole('link', { name: 'Your texts' }).click();
  await expect(page.getByRole('status').filter({ hasText: '“With the socket again” is ready.' })).toBeVisible();
  expect(id).toBeTruthy();
});

test('a text that was finished while the browser was offline appears when it is back online', async ({ page, context }) => {
  const socket = await socketSwitch(page);
  const account = await signUp(page);
  const word = uniqueWord();
  await answerWith(word, [{ hold: true }]);
  const id = await requestText(page, account, { title: 'While away', prompt: `Say ${word}` });
  await page.goto(`/contents/${id}`);
  await expect(page.getByRole('region', { name: 'Progress' })).toBeVisible();
  await socket.cut();
  await context.setOffline(true);
  await expect(page.getByText("You're offline.")).toBeVisible();
  await release(word);
  await untilWritten(page, account, id);

  await context.setOffline(false);
  socket.restore();
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();
});

test('a failed text shows the reason and what to do, and is retried on the same page', async ({ page }) => {
  const word = uniqueWord();
  await answerWith(word, [{ blocked: 'prompt' }]);
  await signUp(page);
  await createThroughTheForm(page, /Social media post/, 'Refused', `Say ${word}`);

  await expect(page.getByText('The AI service declined this request.')).toBeVisible();
  await expect(page.getByText(/^Reword it/)).toBeVisible();
  const address = page.url();
  await page.getByRole('button', { name: 'Edit request' }).click();
  await page.getByLabel('Brief').fill(`Kindly say ${word}`);
  await page.getByRole('button', { name: 'Write it', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();
  expect(page.url()).toBe(address);
});

test('a repeated attempt shows its number, when it starts and the reason', async ({ page }) => {
  const word = uniqueWord();
  await answerWith(word, [{ status: 503, hold: true }]);
  await signUp(page);
  await createThroughTheForm(page, /Social media post/, 'Second try', `Say ${word}`);
  await expect(page.getByText('Writing…')).toBeVisible();
  await release(word);

  await expect(page.getByText('The AI service didn’t answer, so we’re trying again (2 of 3). Next attempt in')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();
});

test('a deleted text is not written, and no notification about it appears', async ({ page }) => {
  const account = await signUp(page);
  const unwanted = await requestText(page, account, { title: 'Never mind', prompt: 'A post that nobody wants' });
  await page.goto(`/contents/${unwanted}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByText('Your first text')).toBeVisible();

  await requestText(page, account, { title: 'Due after it' });
  await expect(page.getByRole('status').filter({ hasText: '“Due after it” is ready.' })).toBeVisible();
  await expect(page.getByText('Never mind')).toBeHidden();
});
