/** Offsets in Unicode code points, as the server counts, in texts that JavaScript counts in UTF-16 units. */

const LONGEST = 160;

/** The index in `text` of the code point number `offset`; the end of the text for what lies beyond. */
export function unitIndex(text: string, offset: number): number {
  let index = 0;
  for (let left = offset; left > 0 && index < text.length; left -= 1) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index;
}

/** The words between two code points in a line, cut where they are many. */
export function excerptAt(text: string, start: number, end: number): string {
  const words = text.slice(unitIndex(text, start), unitIndex(text, end)).replace(/\s+/g, ' ').trim();
  const characters = Array.from(words);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : words;
}
