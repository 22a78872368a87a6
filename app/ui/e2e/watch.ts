import { expect, test as base, type BrowserContext } from '@playwright/test';

/** Messages that the browser prints for error responses or a lost network. They are not faults of the page. */
const EXPECTED = [/^Failed to load resource/, /^WebSocket connection to .* failed/];

/** Fails a test if a page violates its content security policy, throws, logs an error or sends a request to another origin. */
export const test = base.extend<{ watched: BrowserContext }>({
  watched: [
    async ({ context, baseURL }, use) => {
      const faults: string[] = [];
      const own = new URL(baseURL ?? '').host;
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && url.host !== own) faults.push(`asked ${request.url()}`);
      });
      context.on('console', (message) => {
        const isExpected = EXPECTED.some((pattern) => pattern.test(message.text()));
        if (message.type() === 'error' && !isExpected) faults.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => faults.push(`error: ${error.error().message}`));
      await use(context);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
