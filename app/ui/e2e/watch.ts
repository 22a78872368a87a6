import { expect, test as base, type BrowserContext } from '@playwright/test';

/** What a browser says by itself when an answer is an error or the network is cut; it is no fault of the page. */
const EXPECTED = [/^Failed to load resource/, /^WebSocket connection to .* failed/];

/** Every test fails when a page breaks its policy, throws, complains or asks another origin for anything. */
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
