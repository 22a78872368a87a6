/** Conversion between Unicode code points, as the server counts, and UTF-16 units, as JavaScript counts. */

const LONGEST = 160;

/** Converts between both counts for one text. Offsets beyond the end count as the end; those inside a pair, as its start. */
export interface CodePoints {
  /** The UTF-16 index of the code point number `offset`. */
  toUnits: (offset: number) => number;
  /** The number of code points before the UTF-16 index `index`. */
  toPoints: (index: number) => number;
}

let newest: { text: string; points: CodePoints } | null = null;

/** The converter of a text. The last one is cached, because the same text is converted many times. */
export function codePointsOf(text: string): CodePoints {
  if (newest?.text !== text) newest = { text, points: counted(text) };
  return newest.points;
}

/** The UTF-16 index of code point number `offset`, at most the end of `text`. */
export function unitIndex(text: string, offset: number): number {
  return codePointsOf(text).toUnits(offset);
}

/** The text between two code points on one line, truncated if long. */
export function excerptAt(text: string, start: number, end: number): string {
  return excerptOf(text.slice(unitIndex(text, start), unitIndex(text, end)));
}

/** A text on one line, truncated if long. */
export function excerptOf(words: string): string {
  const characters = Array.from(words.replace(/\s+/g, ' ').trim());
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : characters.join('');
}

function counted(text: string): CodePoints {
  const pairs = pairsIn(text);
  const points = text.length - pairs.length;
  return {
    toUnits: (offset) => {
      if (offset >= points) return text.length;
      return Math.max(0, offset) + countBelow(pairs, (pair, number) => pair - number < offset);
    },
    toPoints: (index) => {
      if (index >= text.length) return points;
      return Math.max(0, index) - countBelow(pairs, (pair) => pair < index);
    },
  };
}

/** The offsets of the code points that take two units, in order. */
function pairsIn(text: string): number[] {
  const pairs: number[] = [];
  for (let index = 0; index < text.length - 1; index += 1) {
    if (isBetween(text.charCodeAt(index), 0xd800, 0xdbff) && isBetween(text.charCodeAt(index + 1), 0xdc00, 0xdfff)) {
      pairs.push(index);
      index += 1;
    }
  }
  return pairs;
}

function isBetween(unit: number, first: number, last: number): boolean {
  return unit >= first && unit <= last;
}

/** How many pairs are below a limit, by binary search. */
function countBelow(pairs: number[], isBelow: (pair: number, number: number) => boolean): number {
  let [least, most] = [0, pairs.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (isBelow(pairs[middle] ?? 0, middle)) least = middle + 1;
    else most = middle;
  }
  return least;
}
