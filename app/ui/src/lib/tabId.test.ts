import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A fake of the Web Locks API: the held locks, with what ends when they are released. */
const locks = new Map<string, Promise<void>>();

async function request(name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  while (locks.has(name)) await Promise.race([locks.get(name), aborted]);
  const held = work();
  locks.set(name, held);
  await held;
}

/** A page that was loaded in the same tab, or in a duplicate of it: its session storage is the same. */
async function loadPage() {
  vi.resetModules();
  return import('./tabId');
}

/** Holds the lock of an id as a page does that is being unloaded: it no longer answers. Returns what ends it. */
function heldByUnloadingPage(id: string): () => void {
  const name = `ai-content-generator:tab:${id}`;
  let end: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    end = () => {
      locks.delete(name);
      resolve();
    };
  });
  locks.set(name, held);
  return end;
}

beforeEach(() => Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true }));

afterEach(() => {
  vi.useRealTimers();
  locks.clear();
  Reflect.deleteProperty(navigator, 'locks');
});

test('a tab keeps its id over a reload', async () => {
  const id = (await loadPage()).tabId();
  expect((await loadPage()).tabId()).toBe(id);
});

test('a duplicated tab gets its own id', async () => {
  const first = await loadPage();
  await first.claimTabId();
  const duplicate = await loadPage();
  const copied = duplicate.tabId();
  await duplicate.claimTabId();
  expect(first.tabId()).toBe(copied);
  expect(duplicate.tabId()).not.toBe(copied);
  expect(sessionStorage.getItem('tab')).toBe(duplicate.tabId());
});

test('of two tabs that are restored with one id at the same time, one gets another', async () => {
  const first = await loadPage();
  const second = await loadPage();
  await Promise.all([first.claimTabId(), second.claimTabId()]);
  expect(first.tabId()).not.toBe(second.tabId());
});

test('a reload keeps the id, however long the previous page holds it', async () => {
  const page = await loadPage();
  const id = page.tabId();
  const end = heldByUnloadingPage(id);
  vi.useFakeTimers();
  const claim = page.claimTabId();
  await vi.advanceTimersByTimeAsync(60_000);
  end();
  await claim;
  expect(page.tabId()).toBe(id);
});
