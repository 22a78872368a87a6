/** An id for this tab that survives a reload. A duplicated tab soon gets its own. */

const KEY = 'tab';
const LOCK = 'ai-content-generator:tab:';
const SECOND_LOOK_MS = 1_000;

let current: string | null = null;

export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('');
}

export function tabId(): string {
  current ??= remembered() ?? remember(newId());
  return current;
}

/**
 * Claims this tab's id. A duplicated tab starts with a copy of the id, finds it taken and chooses another;
 * after a reload, the previous page may hold it a moment longer, so a taken id is checked twice.
 */
export async function claimTabId(): Promise<void> {
  if (!('locks' in navigator)) return;
  if (await hold(tabId())) return;
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  if (await hold(tabId())) return;
  current = remember(newId());
  await hold(current);
}

/** Holds the lock for the lifetime of the page; false if another page has it. */
function hold(id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const held = navigator.locks.request(LOCK + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => undefined);
    });
    held.catch(() => resolve(true));
  });
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
