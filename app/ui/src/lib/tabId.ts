/** An id for this tab that survives a reload. A duplicated tab gets its own. */

const KEY = 'tab';
const NAME = 'ai-content-generator:tab:';
const WHOSE = 'whose is it?';
const MINE = 'mine';

let current: string | null = null;

export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('');
}

export function tabId(): string {
  current ??= remembered() ?? remember(newId());
  return current;
}

/**
 * Claims this tab's id. A duplicated tab starts with a copy of the id; the tab that holds it says so, and this one chooses
 * another. After a reload, the previous page may hold the id for a while, but no longer answers: then this page keeps it.
 */
export async function claimTabId(): Promise<void> {
  if (!('locks' in navigator)) return;
  while (!(await claimed(tabId()))) current = remember(newId());
}

/** Waits for the lock of this id, and holds it for the lifetime of the page. False if another page says that it has it. */
async function claimed(id: string): Promise<boolean> {
  const pages = new BroadcastChannel(NAME + id);
  const waiting = new AbortController();
  pages.onmessage = ({ data }) => {
    if (data === MINE) waiting.abort();
  };
  pages.postMessage(WHOSE);
  const lock = new Promise<boolean>((resolve) => {
    const held = navigator.locks.request(NAME + id, { signal: waiting.signal }, () => {
      pages.onmessage = ({ data }) => {
        if (data === WHOSE) pages.postMessage(MINE);
      };
      pages.postMessage(MINE); // to a page that asked before this one could answer
      resolve(true);
      return new Promise<never>(() => undefined);
    });
    held.catch(() => resolve(!waiting.signal.aborted)); // a browser may refuse locks
  });
  if (!(await lock)) pages.close();
  return lock;
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(id: string): string {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Without storage, the id lasts until the next reload.
  }
  return id;
}
