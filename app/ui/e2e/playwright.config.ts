import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

/** Returns an installed Chromium, preferably the headless shell, which is a quarter faster. If there is none, Playwright uses its own. */
function installedChromium(): string | undefined {
  const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  return places.find((path) => path !== undefined && path !== '' && existsSync(path));
}

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Tests continue as soon as an expected state is reached. Even on a busy machine, only a real failure takes this long.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // Tests spend most of their time waiting, so two files run in parallel. Each test has its own user.
  workers: 2,
  // On a busy machine, a browser can be too slow for a page that updates itself. A test that fails twice is a real failure.
  retries: 1,
  // So many failures have a common cause: the other tests would only wait for their timeouts.
  maxFailures: 6,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: process.env.E2E_BASE_URL ?? 'http://127.0.0.1:3000',
    viewport: { width: 1280, height: 900 },
    // Animations are disabled: drawing them took a tenth of the CPU time.
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
