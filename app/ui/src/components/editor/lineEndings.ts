/**
 * The editor counts a line break as one character. A text whose lines all end in CR LF keeps them, and its places are counted
 * in the text; one that mixes line endings is split at LF alone, so that every CR stays the character that it is.
 */

import type { EditorState, Text } from '@codemirror/state';

/** The line separator of `text` for the editor; undefined means LF. */
export function lineSeparatorOf(text: string): string | undefined {
  if (!text.includes('\r')) return undefined;
  return /\r(?!\n)|(?<!\r)\n/.test(text) ? '\n' : '\r\n';
}

/** Converts an editor position to an offset in the text. */
export function offsetOf(state: EditorState, position: number): number {
  return state.lineBreak.length === 1 ? position : position + state.doc.lineAt(position).number - 1;
}

/** Converts an offset in the text to an editor position, at most the end. */
export function positionOf(state: EditorState, offset: number): number {
  const { doc, lineBreak } = state;
  const within = Math.max(0, Math.min(offset, doc.length + (doc.lines - 1) * (lineBreak.length - 1)));
  return lineBreak.length === 1 ? within : positionInLines(doc, within);
}

/** A binary search: each preceding line makes the offset one larger than the position. */
function positionInLines(doc: Text, offset: number): number {
  let [first, last] = [1, doc.lines];
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    if (doc.line(middle).from + middle - 1 <= offset) first = middle;
    else last = middle - 1;
  }
  const line = doc.line(first);
  return Math.min(line.to, offset - first + 1);
}

/** Returns `text` with the editor's line endings. */
export function withLineEnds(state: EditorState, text: string): string {
  return text.replace(/\r\n?|\n/g, state.lineBreak);
}
