/** Marked passages, as decorations that move with the text. */

import { StateEffect, StateField, type EditorState, type Range } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** A mark in editor positions. */
export interface PlacedMark {
  from: number;
  to: number;
  kind: string;
  label: string;
}

const replaceMarks = StateEffect.define<readonly PlacedMark[]>();

const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const newest = transaction.effects.filter((effect) => effect.is(replaceMarks)).at(-1);
    return newest ? decorated(newest.value) : marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const textMarks = markField.extension;

/** Returns the transaction that replaces all marks. */
export function markingOf(marks: readonly PlacedMark[]): { effects: StateEffect<readonly PlacedMark[]> } {
  return { effects: replaceMarks.of(marks) };
}

export function marksIn(state: EditorState): PlacedMark[] {
  const found: PlacedMark[] = [];
  state.field(markField).between(0, state.doc.length, (from, to, { spec }) => {
    const { kind, label } = spec as PlacedMark;
    if (from < to) found.push({ from, to, kind, label });
  });
  return found;
}

function decorated(marks: readonly PlacedMark[]): DecorationSet {
  return Decoration.set(marks.filter(({ from, to }) => from < to).map(decorationOf), true);
}

function decorationOf({ from, to, kind, label }: PlacedMark): Range<Decoration> {
  return Decoration.mark({ class: `text-mark text-mark-${kind}`, attributes: { title: label }, kind, label }).range(from, to);
}
