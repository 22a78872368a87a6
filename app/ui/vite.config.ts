import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { precompress } from './vite-precompress.ts';

/** Where the web process listens while the app is served by Vite (`npm run dev`). */
const backend = process.env.UI_BACKEND_URL ?? 'http://127.0.0.1:3000';

const proxy = {
  '/api': { target: backend },
  '/socket.io': { target: backend, ws: true },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), precompress()],
  server: { port: 5173, proxy },
  preview: { port: 4173, proxy },
  build: {
    target: 'es2022',
    manifest: true,
    // Everything is a file of our own origin: nothing is inlined, so the strict policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // How long plugins take says more about the machine than about them.
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 1 },
            // What many parts of the app use is one file. By default it would be fifty, and each request has its price.
            { name: 'shared', test: /[\\/]src[\\/].*\.tsx?$/, minShareCount: 6 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    // One document for all files, cleared after every test: a third of the time that one for each takes.
    pool: 'threads',
    isolate: false,
    testTimeout: 120_000,
    setupFiles: ['src/test/setup.ts'],
    include: ['{src,lint}/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
