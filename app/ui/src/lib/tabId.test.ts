import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const taken = new Set<string>();

/** A fake of the Web Locks API. Names in `taken` are held by another page. */
function stubLocks(): void {
  const request = (name: string, _: object, work: (lock: object | null) => unknown) => Promise.resolve(work(taken.has(name) ? null : {}));
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
}

async function freshTab() {
  vi.resetModules();
  return import('./tabId');
}

beforeEach(() => {
  vi.useFakeTimers();
  stubLocks();
});

afterEach(() => {
  vi.useRealTimers();
  taken.clear();
  Reflect.deleteProperty(navigator, 'locks');
});

test('a tab keeps its name over a reload', async () => {
  const name = (await freshTab()).tabId();
  expect((await freshTab()).tabId()).toBe(name);
});

test('a duplicated tab gets its own id', async () => {
  const tab = await freshTab();
  const copied = tab.tabId();
  taken.add(`ai-content-generator:tab:${copied}`);
  const claim = tab.claimTabId();
  await vi.advanceTimersByTimeAsync(2_000);
  await claim;
  expect(tab.tabId()).not.toBe(copied);
  expect(sessionStorage.getItem('tab')).toBe(tab.tabId());
});

test('a reload keeps the id although the previous page holds it a moment longer', async () => {
  const tab = await freshTab();
  const name = tab.tabId();
  taken.add(`ai-content-generator:tab:${name}`);
  const claim = tab.claimTabId();
  await vi.advanceTimersByTimeAsync(100);
  taken.clear();
  await vi.advanceTimersByTimeAsync(2_000);
  await claim;
  expect(tab.tabId()).toBe(name);
});
