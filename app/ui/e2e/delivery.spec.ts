import { signUp } from './people';
import { expect, test } from './watch';

const BUDGET_BYTES = 150_000;

test('the content security policy of the page forbids inline scripts and eval', async ({ page }) => {
  const response = await page.goto('/login');
  const policy = response?.headers()['content-security-policy'] ?? '';
  const scripts = /(?:script-src|default-src) ([^;]+)/.exec(policy)?.[1];
  expect(scripts).toBe("'self'");
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});

test('every address of the app can be opened directly, and a missing file is 404', async ({ page }) => {
  for (const address of ['/', '/login', '/contents', '/contents/new?x=1', '/nowhere/else']) {
    const response = await page.request.get(address);
    expect(response.status(), address).toBe(200);
    expect(response.headers()['content-type'], address).toContain('text/html');
  }
  expect((await page.request.get('/assets/missing.js')).status()).toBe(404);
  expect((await page.request.get('/api/nowhere')).headers()['content-type']).toContain('application/json');
});

for (const address of ['/login', '/contents']) {
  test(`the first load of ${address} takes less than 150 kB of compressed JavaScript`, async ({ page }) => {
    if (address !== '/login') await signUp(page);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry): entry is PerformanceResourceTiming => entry.name.endsWith('.js'))
        .map((entry) => entry.encodedBodySize),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(BUDGET_BYTES);
  });
}
