/** Toggles Markdown formatting: adds marks around the selection, or removes them. */

import { EditorSelection, type ChangeSpec, type EditorState, type Line, type SelectionRange, type TransactionSpec } from '@codemirror/state';

import type { Format } from './handle';

const FORMATTED: Record<Format, (state: EditorState) => TransactionSpec> = {
  bold: (state) => toggleInline(state, '**'),
  italic: (state) => toggleInline(state, '*'),
  heading2: (state) => toggleHeading(state, 2),
  heading3: (state) => toggleHeading(state, 3),
  list: (state) => togglePrefix(state, '- ', /^[-*+] /),
  quote: (state) => togglePrefix(state, '> ', /^> ?/),
  link: linked,
};

/** The change of a format, with the resulting selection. */
export function formatted(state: EditorState, format: Format): TransactionSpec {
  return { ...FORMATTED[format](state), scrollIntoView: true, userEvent: 'input.format' };
}

/** The list, quote and heading marks at the beginning of a line. */
const BLOCK_MARKS = /^\s*(?:(?:>|[-*+]|\d{1,9}[.)]|#{1,6})\s+)*/;

function linesOf({ doc }: EditorState, { from, to }: SelectionRange): Line[] {
  const [first, last] = [doc.lineAt(from).number, doc.lineAt(to).number];
  return Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index));
}

function toggleInline(state: EditorState, mark: string): TransactionSpec {
  return state.changeByRange((range) => {
    const target = range.empty ? (state.wordAt(range.head) ?? range) : range;
    if (target.empty) return inserted(target.from, mark);
    const parts = linesOf(state, target).flatMap((line) => partOf(line, target)).map((part) => withinMarks(state, part));
    if (parts.length > 0 && parts.every((part) => isMarked(state, part, mark))) return changed(state, unmarking(parts, mark), range);
    return changed(state, marking(parts.filter((part) => !isMarked(state, part, mark)), mark), range);
  });
}

interface Part {
  from: number;
  to: number;
}

/** The selected part of a line. Emphasis must not span blocks, or begin or end with a space. */
function partOf(line: Line, range: Part): Part[] {
  const begin = Math.max(range.from, line.from + (BLOCK_MARKS.exec(line.text)?.[0].length ?? 0));
  const end = Math.min(range.to, line.to);
  const words = line.text.slice(begin - line.from, Math.max(begin, end) - line.from);
  const from = begin + words.length - words.trimStart().length;
  const to = begin + words.trimEnd().length;
  return from < to ? [{ from, to }] : [];
}

/** Excludes selected marks at either end of the words. */
function withinMarks({ doc }: EditorState, { from, to }: Part): Part {
  const words = doc.sliceString(from, to);
  const edge = Math.min(/^\**/.exec(words)?.[0].length ?? 0, /\**$/.exec(words)?.[0].length ?? 0);
  return 2 * edge < words.length ? { from: from + edge, to: to - edge } : { from, to };
}

/** Whether the mark is directly outside the part. `*` does not count if it is half of `**`. */
function isMarked({ doc }: EditorState, { from, to }: Part, mark: string): boolean {
  const before = /\**$/.exec(doc.sliceString(Math.max(0, from - 3), from))?.[0].length ?? 0;
  const after = /^\**/.exec(doc.sliceString(to, to + 3))?.[0].length ?? 0;
  const count = Math.min(before, after);
  return mark === '**' ? count >= 2 : count % 2 === 1;
}

function marking(parts: Part[], mark: string): ChangeSpec[] {
  return parts.flatMap(({ from, to }) => [
    { from, insert: mark },
    { from: to, insert: mark },
  ]);
}

function unmarking(parts: Part[], mark: string): ChangeSpec[] {
  return parts.flatMap(({ from, to }) => [
    { from: from - mark.length, to: from },
    { from: to, to: to + mark.length },
  ]);
}

/** Keeps the same words selected; a caret at the end of a word stays there. */
function changed(state: EditorState, specs: ChangeSpec[], range: SelectionRange) {
  const changes = state.changes(specs);
  const side = range.empty && state.wordAt(range.head)?.to === range.head ? -1 : 1;
  const from = changes.mapPos(range.from, side);
  return { changes, range: EditorSelection.range(from, range.empty ? from : changes.mapPos(range.to, -1)) };
}

/** Without a selection, inserts the marks and puts the caret between them. */
function inserted(at: number, mark: string) {
  return { changes: { from: at, insert: mark + mark }, range: EditorSelection.cursor(at + mark.length) };
}

function toggleHeading(state: EditorState, level: number): TransactionSpec {
  const wanted = `${'#'.repeat(level)} `;
  return changeLines(state, (lines) => {
    const isHeading = lines.every(({ text }) => text.startsWith(wanted));
    return lines.map(({ from, text }) => {
      const old = /^#{1,6}\s+/.exec(text)?.[0].length ?? 0;
      return { from, to: from + old, insert: isHeading ? '' : wanted };
    });
  });
}

function togglePrefix(state: EditorState, prefix: string, present: RegExp): TransactionSpec {
  return changeLines(state, (lines) => {
    const areAll = lines.every(({ text }) => present.test(text));
    return lines.flatMap(({ from, text }) => {
      const old = present.exec(text)?.[0].length ?? 0;
      if (areAll) return [{ from, to: from + old, insert: '' }];
      return old > 0 ? [] : [{ from, to: from, insert: prefix }];
    });
  });
}

/** Changes whole lines; blank ones only if nothing else is selected. */
function changeLines(state: EditorState, change: (lines: Line[]) => { from: number; to: number; insert: string }[]): TransactionSpec {
  const lines = linesOf(state, state.selection.main);
  const written = lines.filter(({ text }) => text.trim() !== '');
  const changes = state.changes(change(written.length > 0 ? written : lines));
  const { anchor, head } = state.selection.main;
  return { changes, selection: EditorSelection.range(changes.mapPos(anchor, 1), changes.mapPos(head, 1)) };
}

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;
const BEGUN_ADDRESS = 'https://';

/** Turns the selection into a link: the URL remains to be typed, or the link text if a URL was selected. */
function linked(state: EditorState): TransactionSpec {
  const { from, to } = state.selection.main;
  const words = state.sliceDoc(from, to);
  if (ADDRESS.test(words)) return { changes: { from, to, insert: `[](${words})` }, selection: EditorSelection.cursor(from + 1) };
  const begin = from + words.length + '[]('.length;
  return { changes: { from, to, insert: `[${words}](${BEGUN_ADDRESS})` }, selection: EditorSelection.range(begin, begin + BEGUN_ADDRESS.length) };
}
