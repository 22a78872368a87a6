/** Loads a lazy chunk of the app, which may fail without a network or after a new release. */

const DELAYS_MS = [300, 1_500];

type Load<T> = () => Promise<T>;

/** Retries a few times, then rejects with the last error. */
export async function loadPart<T>(load: Load<T>, delays: readonly number[] = DELAYS_MS): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const [delay, ...later] = delays;
    if (delay === undefined) throw error;
    await new Promise((resolve) => setTimeout(resolve, delay));
    return loadPart(() => freshly(error, load), later);
  }
}

/**
 * Loads again. Some browsers cache a failed import for the lifetime of the page, so the file, whose URL
 * the error names, is requested under another URL.
 */
async function freshly<T>(error: unknown, load: Load<T>): Promise<T> {
  try {
    return await load();
  } catch (again) {
    const address = failedAddress(again) ?? failedAddress(error);
    if (address === null) throw again;
    return (await import(/* @vite-ignore */ address)) as T;
  }
}

/** Returns the URL of the file that failed according to the error, with a query string that makes it new. */
export function failedAddress(error: unknown, own = window.location.origin): string | null {
  const found = /https?:\/\/[^\s'"]+\.js/.exec(error instanceof Error ? error.message : '');
  if (!found || new URL(found[0]).origin !== own) return null;
  return `${found[0]}?again=${Date.now()}`;
}
