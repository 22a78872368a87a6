/** Counts the lazy chunks that have been loaded or could not be, for those who wait for one. */

import { createListeners } from './listeners';

const { tell, subscribe } = createListeners();
let count = 0;

export { subscribe as onLoadedPart };

export function loadedParts(): number {
  return count;
}

export function reportLoadedPart(): void {
  count += 1;
  tell();
}
