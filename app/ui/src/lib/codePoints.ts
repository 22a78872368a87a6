/** Conversion between Unicode code points, as the server counts, and UTF-16 units, as JavaScript counts. */

const LONGEST = 160;

/** Both ways between the two counts for one text. What lies beyond the text is its end; inside a pair of units, the pair's beginning. */
export interface CodePoints {
  /** The UTF-16 index of the code point number `offset`. */
  toUnits: (offset: number) => number;
  /** The number of code points before the UTF-16 index `index`. */
  toPoints: (index: number) => number;
}

let newest: { text: string; points: CodePoints } | null = null;

/** The counts of a text; those of the last one are kept, since one text is asked about many times. */
export function codePointsOf(text: string): CodePoints {
  if (newest?.text !== text) newest = { text, points: counted(text) };
  return newest.points;
}

/** The index in `text` of the code point number `offset`; the end of the text for what lies beyond. */
export function unitIndex(text: string, offset: number): number {
  return codePointsOf(text).toUnits(offset);
}

/** The words between two code points in a line, cut where they are many. */
export function excerptAt(text: string, start: number, end: number): string {
  return excerptOf(text.slice(unitIndex(text, start), unitIndex(text, end)));
}

/** Some words in a line, cut where they are many. */
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

/** Where the code points begin that take two units, in order. */
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

/** How many of the first pairs are below a mark; those below come first. */
function countBelow(pairs: number[], isBelow: (pair: number, number: number) => boolean): number {
  let [least, most] = [0, pairs.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (isBelow(pairs[middle] ?? 0, middle)) least = middle + 1;
    else most = middle;
  }
  return least;
}
