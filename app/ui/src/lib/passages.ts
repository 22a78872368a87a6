/** Passages of a text that is being edited, in UTF-16 units, and their positions after each edit. */

export interface Passage {
  from: number;
  to: number;
}

/** Returns a passage's position after an edit; null if the edit touched it. */
export function moved({ from, to }: Passage, before: string, after: string): Passage | null {
  if (before === after) return { from, to };
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (to <= start) return { from, to };
  let rest = 0;
  while (rest < shorter - start && before.charCodeAt(before.length - 1 - rest) === after.charCodeAt(after.length - 1 - rest)) rest += 1;
  if (from < before.length - rest) return null;
  const shift = after.length - before.length;
  return { from: from + shift, to: to + shift };
}

/** Returns the passage without surrounding white space; null if it is blank. */
export function trimmed(text: string, { from, to }: Passage): Passage | null {
  const words = text.slice(from, to);
  const core = words.trim();
  if (core === '') return null;
  const start = from + words.indexOf(core);
  return { from: start, to: start + core.length };
}
