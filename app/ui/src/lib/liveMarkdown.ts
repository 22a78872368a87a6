/**
 * A Markdown text that is still being written, cut into blocks that are finished and the one that grows. Finished blocks are
 * drawn once; the growing one is made calm: what is half open is closed, and marks that may still become something else are
 * held back, so that nothing jumps from one look to another.
 */

export interface LiveBlocks {
  finished: string[];
  growing: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const INDENTED = /^(?: {2,}|\t)/;

/** Cuts a text at the empty lines between its blocks. The blocks together are the text, but for those empty lines. */
export function blocksOf(text: string): LiveBlocks {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let gap = false;
  for (const line of text.split('\n')) {
    if (fence === null && line.trim() === '') {
      gap = true;
      continue;
    }
    if (gap && block.length > 0 && !goesOn(block, line)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    if (gap && block.length > 0) block.push('');
    gap = false;
    fence = fenceAfter(fence, line);
    block.push(line);
  }
  // A last line that has ended still belongs to its block: the next one may go on with it.
  return { finished: blocks, growing: block.join('\n') };
}

/** Whether a line after an empty one belongs to the block before: a further item of a list, or more of an item. */
function goesOn(block: string[], line: string): boolean {
  return LIST_ITEM.test(block[0] ?? '') && (INDENTED.test(line) || LIST_ITEM.test(line));
}

function fenceAfter(open: string | null, line: string): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return open;
  if (open === null) return mark;
  return mark.startsWith(open) && line.trim() === mark ? null : open;
}

const ONLY_MARKS = /^\s*(?:[-*_=#>+|`~]+|\d{1,9}[.)]?|[-*+>]\s+(?:[*_`~#]+)?)\s*$/;
const TABLE_ROW = /^\s*\|/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** The growing block as it can be shown. */
export function calm(growing: string): string {
  const lines = growing.split('\n');
  if (lines.reduce<string | null>(fenceAfter, null) !== null) return withoutHalfFence(lines);
  if (ONLY_MARKS.test(lines.at(-1) ?? '')) lines.pop();
  const shown = withoutHalfTable(lines).join('\n');
  return closed(shown);
}

/** The fence that ends a block of code comes a mark at a time. */
function withoutHalfFence(lines: string[]): string {
  if (lines.length > 1 && /^\s*[`~]{1,2}$/.test(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n');
}

/** Rows are a table only once the rule below the first one is there. */
function withoutHalfTable(lines: string[]): string[] {
  const start = lines.findLastIndex((line) => !TABLE_ROW.test(line)) + 1;
  const rows = lines.slice(start);
  const isHalf = rows.length === 1 || (rows.length === 2 && !(TABLE_RULE.test(rows[1] ?? '') && /\|\s*$/.test(rows[1] ?? '')));
  return isHalf ? lines.slice(0, start) : lines;
}

/** Emphasis, code and links that are open in the last paragraph or item, closed at its end. */
function closed(text: string): string {
  const start = Math.max(text.lastIndexOf('\n\n'), text.search(/\n[^\n]*$/), 0);
  return text.slice(0, start) + closedInline(text.slice(start));
}

function closedInline(line: string): string {
  const whole = line.replace(/!?\[([^\]\n]*)\]\([^)\n]*$/, '$1').replace(/!?\[([^\]\n]*)\]?$/, '$1');
  if (count(whole, '`') % 2 === 1) return whole.endsWith('`') ? whole.slice(0, -1) : `${whole}\``;
  const withoutCode = whole.replace(/`[^`]*`/g, '');
  const isOpen = { '**': count(withoutCode, '**') % 2 === 1, '~~': count(withoutCode, '~~') % 2 === 1 };
  const bare = whole.replace(/(^|\s)[*_~]+$/, '$1').trimEnd();
  const rest = isOpen['**'] ? bare.replace(/(?<!\*)\*$/, '') : bare;
  const singles = count(withoutCode.replaceAll('**', '').replace(/(^|\s)\*(?=\s)/g, '$1'), '*');
  const wasStripped = bare.length < whole.trimEnd().length;
  if (wasStripped) return bare;
  if (isOpen['**']) return `${rest}**`;
  if (isOpen['~~']) return `${bare}~~`;
  return singles % 2 === 1 ? `${bare}*` : whole;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

/** The levels of the headings in a block, so that those after it are drawn at their right level. */
export function headingLevels(block: string): number[] {
  if (FENCE.test(block)) return [];
  return Array.from(block.matchAll(/^ {0,3}(#{1,6})\s/gm), ([, marks = '']) => marks.length);
}
