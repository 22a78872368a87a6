import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

/** A Chromium that is on the machine, the one without windows first: it needs a quarter less time. With none, Playwright takes its own. */
function installedChromium(): string | undefined {
  const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  return places.find((path) => path !== undefined && path !== '' && existsSync(path));
}

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Waits end as soon as what they wait for is there: only a real fault takes this long, however busy the machine.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // A test waits most of its time: two files run at a time, each test with a person of its own.
  workers: 2,
  // On a busy machine a browser can be too slow for a page that changes by itself; what fails twice is broken.
  retries: 1,
  // When this many are broken, so is what they stand on: each of the others would wait its minutes for nothing.
  maxFailures: 6,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: process.env.E2E_BASE_URL ?? 'http://127.0.0.1:3000',
    viewport: { width: 1280, height: 900 },
    // Nothing moves where nobody looks at it: drawing what moves took a tenth of the processor.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: installedChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
