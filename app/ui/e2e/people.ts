import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'SecurePass123';

let count = 0;

export function newEmail(): string {
  count += 1;
  return `e2e-${Date.now()}-${count}@example.com`;
}

interface Account {
  email: string;
}

/** Registers a new account over the API, and logs the page's browser in. */
export async function signUp(page: Page): Promise<Account> {
  const email = newEmail();
  const response = await page.request.post('/api/auth/register', {
    headers: { 'X-Auth-Transport': 'cookie' },
    data: { email, password: PASSWORD, firstName: 'Ada', lastName: 'Lovelace' },
  });
  expect(response.status()).toBe(201);
  return { email };
}

interface Piece {
  title: string;
  prompt?: string;
  contentType?: string;
  generatedText?: string;
  status?: string;
  brief?: object;
  runAt?: string;
}

/** Stores a content that was written by hand. Returns its id. */
export async function writeByHand(page: Page, account: Account, piece: Piece): Promise<string> {
  return post(page, '/api/content', account, { contentType: 'blog', prompt: 'by hand', ...piece });
}

/** Requests a text. Returns the content's id. */
export async function requestText(page: Page, account: Account, piece: Piece): Promise<string> {
  return post(page, '/api/content/generate', account, { contentType: 'social', prompt: piece.title, ...piece });
}

/** Waits until the server has stored the text, regardless of what the page shows. */
export async function untilWritten(page: Page, account: Account, id: string): Promise<void> {
  await untilStatus(page, account, id, 'completed');
}

/** Waits until the worker is writing the text, regardless of what the page shows. */
export async function untilBegun(page: Page, account: Account, id: string): Promise<void> {
  await untilStatus(page, account, id, 'processing');
}

async function untilStatus(page: Page, account: Account, id: string, wanted: string): Promise<void> {
  const headers = await asClient(page, account);
  const status = async () => {
    const response = await page.request.get(`/api/content/${id}`, { headers });
    return ((await response.json()) as { data: { generationStatus: string } }).data.generationStatus;
  };
  await expect.poll(status, { timeout: 90_000 }).toBe(wanted);
}

async function post(page: Page, address: string, account: Account, data: object): Promise<string> {
  const response = await page.request.post(address, { headers: await asClient(page, account), data });
  expect(response.ok()).toBe(true);
  return ((await response.json()) as { data: { id: string } }).data.id;
}

/** Logs in as an API client, with a session separate from the browser's. Returns its headers. */
export async function asClient(page: Page, { email }: Account): Promise<Record<string, string>> {
  const login = await page.request.post('/api/auth/login', { data: { email, password: PASSWORD } });
  const session = (await login.json()) as { data: { access_token: string } };
  return { Authorization: `Bearer ${session.data.access_token}` };
}

/** Fills in and submits the creation form. */
export async function createThroughTheForm(page: Page, type: RegExp, title: string, prompt: string): Promise<void> {
  await page.goto('/contents/new');
  await page.getByRole('radio', { name: type }).check();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Brief').fill(prompt);
  await page.getByRole('button', { name: 'Write it' }).click();
  await page.waitForURL(/\/contents\/[0-9a-f]{24}$/);
}

export async function openAccountMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click();
}

/** Logs in as the operator that was created when the product was started: `flask user create … --admin`. */
export async function logInAsOperator(page: Page): Promise<void> {
  const { E2E_OPERATOR_EMAIL: email, E2E_OPERATOR_PASSWORD: password } = process.env;
  if (!email || !password) throw new Error('Set E2E_OPERATOR_EMAIL and E2E_OPERATOR_PASSWORD to the login of an operator');
  const response = await page.request.post('/api/auth/login', { headers: { 'X-Auth-Transport': 'cookie' }, data: { email, password } });
  expect(response.ok()).toBe(true);
}
