/** Texts that nobody wrote to be read: formatting them would take the browser minutes, or more memory than it has. */

const DEEPEST_BLOCK = 100;
const MOST_EMPHASIS_IN_BLOCK = 1_000;
const COLUMNS_A_LEVEL = 2;

/** The beginning of a block of code, in which no mark means anything. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/** Whether `markdown` is better shown as it is. Takes one pass. */
export function isTooIntricate(markdown: string): boolean {
  let emphasis = 0;
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence !== null) {
      if (mark !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
      continue;
    }
    fence = mark;
    if (line.trim() === '') emphasis = 0;
    emphasis += emphasisIn(line);
    if (emphasis > MOST_EMPHASIS_IN_BLOCK || depthOf(line) > DEEPEST_BLOCK) return true;
  }
  return false;
}

/** Runs of marks for emphasis: pairing them takes the square of their number. */
function emphasisIn(line: string): number {
  return line.match(/[*~]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu)?.length ?? 0;
}

/** How many quotes and lists a line may be inside of, by its indentation and its marks. */
function depthOf(line: string): number {
  const start = /^[\s>*+\-\d.)]*/.exec(line)?.[0] ?? '';
  // A rule across the page, or a number, is no nesting.
  if (start === line && !start.includes('>')) return 0;
  const marks = start.match(/[>*+-](?=[\s>]|$)|\d[.)](?=\s|$)|>/g)?.length ?? 0;
  const indentation = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return marks === 0 ? 0 : marks + indentation / COLUMNS_A_LEVEL;
}
