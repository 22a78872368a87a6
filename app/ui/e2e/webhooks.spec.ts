import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { signUp } from './people';
import { expect, test } from './watch';

interface Message {
  id: string;
  signatures: number;
  type: string;
}

/** Starts a webhook receiver that answers 500 to the first message and accepts the others. */
async function receiver(): Promise<{ url: string; messages: Message[]; server: Server }> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const signatures = String(request.headers['webhook-signature']).split(' ').length;
      messages.push({ id: String(request.headers['webhook-id']), signatures, type: (JSON.parse(body) as Message).type });
      response.writeHead(messages.length === 1 ? 500 : 200).end(messages.length === 1 ? 'not yet' : 'thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, messages, server };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

test('a webhook is added and tested, its log is read, its secret is replaced, and it is deleted', async ({ page }) => {
  const { url, messages, server } = await receiver();
  await signUp(page);
  await page.goto('/settings/webhooks');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByLabel('Address').fill(url);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await page.getByRole('button', { name: "I've saved it" }).click();

  await page.getByRole('button', { name: 'Send test' }).click();
  await expect(page.getByText('1 attempt')).toBeVisible();
  await page.getByText('1 attempt').click();
  await expect(page.getByText(/Answered 500/)).toBeVisible();
  await expect(page.getByText('not yet')).toBeVisible();
  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Make a new secret' }).click();
  await page.getByRole('button', { name: "I've saved it" }).click();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText('Delivered', { exact: true })).toBeVisible();
  expect(messages).toEqual([
    { id: messages[0]?.id, signatures: 1, type: 'webhook.test' },
    { id: messages[0]?.id, signatures: 2, type: 'webhook.test' },
  ]);

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('You have no webhooks yet.')).toBeVisible();
  server.close();
});
