/** The blocks of a Markdown text for rewriting: their types and the ranges of their words. */

import type { Passage } from './passages';
import { countWords } from './words';

/** `other` is code, a table or a thematic break, which rewrites must not touch. */
export type BlockKind = 'paragraph' | 'heading' | 'item' | 'quote' | 'other';

/** `from` and `to` are UTF-16 offsets of the words, without the marks at the block's start and the line's end. */
export interface Block extends Passage {
  kind: BlockKind;
  words: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const RULE = /^ {0,3}(?:(?:[-*_][ \t]*){3,}|=+)[ \t]*$/;
const MARKER = /^[ \t]*(?:(#{1,6}[ \t]+)|((?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)|((?:>[ \t]?)+))/;

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let fence: string | null = null;
  let open: Block | null = null;
  let from = 0;
  for (const line of text.split('\n')) {
    const to = from + line.replace(/\r$/, '').length;
    const mark = FENCE.exec(line)?.[1];
    const isFenced: boolean = fence !== null || mark !== undefined;
    if (mark !== undefined) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence;
    const [kind, start] = isFenced ? (['other', 0] as const) : kindOf(line);
    if (kind === null) open = null;
    else if (open && continues(open.kind, kind)) open.to = to;
    else blocks.push((open = { kind, from: from + start, to, words: 0 }));
    from += line.length + 1;
  }
  return blocks.map((block) => ({ ...block, words: countWords(text.slice(block.from, block.to)) }));
}

/** The type of a line, and the length of the marks at its start; null for an empty line. */
function kindOf(line: string): readonly [BlockKind | null, number] {
  if (line.trim() === '') return [null, 0];
  if (RULE.test(line) || line.trimStart().startsWith('|') || /^(?: {4}|\t)/.test(line)) return ['other', 0];
  const marker = MARKER.exec(line);
  if (!marker) return ['paragraph', line.length - line.trimStart().length];
  return [marker[1] !== undefined ? 'heading' : marker[2] !== undefined ? 'item' : 'quote', marker[0].length];
}

/** Whether a line continues the block above it. */
function continues(open: BlockKind, kind: BlockKind): boolean {
  if (open === 'heading' || open === 'other' || kind === 'heading' || kind === 'item') return open === kind && open === 'other';
  return open === kind || kind === 'paragraph';
}
