/**
 * Splits a Markdown text that is still being written into finished blocks and the growing one. Finished blocks are
 * rendered once. In the growing one, open marks are closed, and marks whose meaning may still change are
 * held back, so that the rendering does not flicker.
 */

export interface LiveBlocks {
  finished: string[];
  growing: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const INDENTED = /^(?: {2,}|\t)/;

/** Splits a text at the empty lines between its blocks. */
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
  // A complete last line still belongs to its block, because the next line may continue it.
  return { finished: blocks, growing: block.join('\n') };
}

/** Whether a line after an empty one continues the previous block: another list item, or more of the same. */
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

/** Returns the growing block in a form that can be rendered. */
export function calm(growing: string): string {
  const lines = growing.split('\n');
  if (lines.reduce<string | null>(fenceAfter, null) !== null) return withoutHalfFence(lines);
  if (ONLY_MARKS.test(lines.at(-1) ?? '')) lines.pop();
  const shown = withoutHalfTable(lines).join('\n');
  return closed(shown);
}

/** The closing fence of a code block arrives one character at a time. */
function withoutHalfFence(lines: string[]): string {
  if (lines.length > 1 && /^\s*[`~]{1,2}$/.test(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n');
}

/** Rows are a table only once the delimiter row has arrived. */
function withoutHalfTable(lines: string[]): string[] {
  const start = lines.findLastIndex((line) => !TABLE_ROW.test(line)) + 1;
  const rows = lines.slice(start);
  const isHalf = rows.length === 1 || (rows.length === 2 && !(TABLE_RULE.test(rows[1] ?? '') && /\|\s*$/.test(rows[1] ?? '')));
  return isHalf ? lines.slice(0, start) : lines;
}

/** Closes emphasis, code and links that are open at the end of the last paragraph or item. */
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

/** Returns the heading levels in a block, so that later headings get the right level. */
export function headingLevels(block: string): number[] {
  if (FENCE.test(block)) return [];
  return Array.from(block.matchAll(/^ {0,3}(#{1,6})\s/gm), ([, marks = '']) => marks.length);
}
