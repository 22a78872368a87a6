import { isolateHistory, redo, redoDepth, undo, undoDepth } from '@codemirror/commands';
import { EditorSelection, EditorState, Transaction, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { formatted } from './formatting';
import type { EditorHandle } from './handle';
import { lineSeparatorOf, offsetOf, positionOf, withLineEnds } from './lineEndings';
import { markingOf, marksIn } from './marks';
import type { EditorSurroundings } from './createEditor';
import { stateFor } from './createEditor';

type Listener = () => void;

/** Creates an editor in `parent` and returns its handle. */
export function openEditor(parent: HTMLElement, text: string, label: string): { handle: EditorHandle; destroy: () => void } {
  const [ofText, ofSelection, ofEnd] = [new Set<Listener>(), new Set<Listener>(), new Set<Listener>()];
  const surroundings: EditorSurroundings = {
    label,
    onUpdate: (change) => {
      if (change.ofText) ofText.forEach((listener) => listener());
      if (change.ofSelection) ofSelection.forEach((listener) => listener());
    },
  };
  const view = new EditorView({ parent, state: stateFor(text, surroundings) });
  const handle: EditorHandle = {
    ...reading(view),
    ...changing(view, surroundings),
    onSelectionChange: subscribing(ofSelection),
    onDocChange: subscribing(ofText),
    onClose: (listener) => void ofEnd.add(listener),
  };
  const destroy = () => {
    ofEnd.forEach((listener) => listener());
    view.destroy();
  };
  return { handle, destroy };
}

function subscribing(listeners: Set<Listener>): (listener: Listener) => () => void {
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

type Reading = Pick<EditorHandle, 'text' | 'selection' | 'marks' | 'coordsAtSelection' | 'history'>;

function reading(view: EditorView): Reading {
  const offset = (position: number) => offsetOf(view.state, position);
  return {
    text: () => view.state.sliceDoc(),
    selection: () => ({ from: offset(view.state.selection.main.from), to: offset(view.state.selection.main.to) }),
    marks: () => marksIn(view.state).map((mark) => ({ ...mark, from: offset(mark.from), to: offset(mark.to) })),
    coordsAtSelection: () => rectangleOfSelection(view),
    history: () => ({ undo: undoDepth(view.state), redo: redoDepth(view.state) }),
  };
}

function rectangleOfSelection(view: EditorView): DOMRect | null {
  const { from, to, empty } = view.state.selection.main;
  const begin = view.coordsAtPos(from, 1);
  const end = view.coordsAtPos(to, empty ? 1 : -1);
  if (!begin || !end) return null;
  const [left, right] = [Math.min(begin.left, end.left), Math.max(begin.right, end.right)];
  return new DOMRect(left, begin.top, right - left, end.bottom - begin.top);
}

type Changing = Pick<EditorHandle, 'select' | 'focus' | 'setMarks' | 'replace' | 'setText' | 'format' | 'undo' | 'redo'>;

function changing(view: EditorView, surroundings: EditorSurroundings): Changing {
  const position = (offset: number) => positionOf(view.state, offset);
  const dispatch = (spec: TransactionSpec) => view.dispatch(spec);
  return {
    focus: () => view.focus(),
    select: (from, to) => {
      const range = EditorSelection.range(position(from), position(to));
      dispatch({ selection: range, effects: EditorView.scrollIntoView(range, { y: 'center' }) });
      view.focus();
    },
    setMarks: (marks) => dispatch(markingOf(marks.map((mark) => ({ ...mark, from: position(mark.from), to: position(mark.to) })))),
    replace: (from, to, text) => dispatch(replacing(view.state, position(from), position(to), text)),
    setText: (text) => setText(view, text, surroundings),
    format: (format) => {
      dispatch(formatted(view.state, format));
      view.focus();
    },
    undo: () => undo(view),
    redo: () => redo(view),
  };
}

function replacing(state: EditorState, from: number, to: number, text: string): TransactionSpec {
  const insert = state.toText(withLineEnds(state, text));
  const selection = EditorSelection.range(from, from + insert.length);
  return { changes: { from, to, insert }, selection, scrollIntoView: true, userEvent: 'input.replace', annotations: isolateHistory.of('full') };
}

function setText(view: EditorView, text: string, surroundings: EditorSurroundings): void {
  const { state } = view;
  if (text === state.sliceDoc()) return;
  const hasSameEnds = lineSeparatorOf(text) === (state.facet(EditorState.lineSeparator) ?? undefined);
  if (hasSameEnds) {
    view.dispatch({ changes: difference(state, text), annotations: Transaction.addToHistory.of(false) });
  } else {
    view.setState(stateFor(text, surroundings));
    surroundings.onUpdate({ ofText: true, ofSelection: true });
  }
}

/** Returns the smallest passage in which `text` differs, so that the selection and marks around it are kept. */
function difference(state: EditorState, text: string) {
  const next = state.toText(text);
  const [old, new_] = [state.doc.sliceString(0, undefined, '\n'), next.sliceString(0, undefined, '\n')];
  const shorter = Math.min(old.length, new_.length);
  let from = 0;
  while (from < shorter && old[from] === new_[from]) from += 1;
  let same = 0;
  while (same < shorter - from && old.at(-1 - same) === new_.at(-1 - same)) same += 1;
  return { from, to: old.length - same, insert: next.slice(from, new_.length - same) };
}
