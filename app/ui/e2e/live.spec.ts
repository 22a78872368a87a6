import { socketSwitch } from './network';
import { createThroughTheForm, requestText, signUp, untilWritten } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

const OFF = 'Live updates are off';

test('a text that is finished shows itself in every tab, and in the list, without a reload or a poll', async ({ page, context }) => {
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

test('without the socket a quiet line says so and the text arrives all the same; afterwards it is live again', async ({ page }) => {
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

test('what happened while the browser was offline is there when it is back', async ({ page, context }) => {
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

test('a text that fails says why and what to do, and is tried again in its place', async ({ page }) => {
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

test('an attempt that is repeated says which, when and why', async ({ page }) => {
  const word = uniqueWord();
  await answerWith(word, [{ status: 503, hold: true }]);
  await signUp(page);
  await createThroughTheForm(page, /Social media post/, 'Second try', `Say ${word}`);
  await expect(page.getByText('Writing…')).toBeVisible();
  await release(word);

  await expect(page.getByText('The AI service didn’t answer, so we’re trying again (2 of 3). Next attempt in')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toBeVisible();
});

test('a deleted text is not written, and says nothing any more', async ({ page }) => {
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
