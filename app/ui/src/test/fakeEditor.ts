import type { EditorHandle, TextMark, TextRange } from '../components/editor/handle';

/** Stands where the editor is: holds a text and a selection, and tells of changes. */
export function fakeEditor(initial: string) {
  let text = initial;
  let selection: TextRange = { from: 0, to: 0 };
  let marks: readonly TextMark[] = [];
  const [ofText, ofSelection] = [new Set<() => void>(), new Set<() => void>()];
  const subscribing = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const become = (next: string) => {
    text = next;
    ofText.forEach((tell) => tell());
  };
  const select = (from: number, to: number) => {
    selection = { from, to };
    ofSelection.forEach((tell) => tell());
  };
  const field = document.body.appendChild(document.createElement('textarea'));
  const handle: EditorHandle = {
    text: () => text,
    selection: () => selection,
    select,
    focus: () => field.focus(),
    setMarks: (given) => void (marks = given),
    marks: () => [...marks],
    replace: (from, to, words) => become(text.slice(0, from) + words + text.slice(to)),
    setText: become,
    coordsAtSelection: () => null,
    format: () => undefined,
    undo: () => undefined,
    redo: () => undefined,
    history: () => ({ undo: 0, redo: 0 }),
    onSelectionChange: subscribing(ofSelection),
    onDocChange: subscribing(ofText),
    onClose: () => undefined,
  };
  return { handle, field, select: (words: string) => select(text.indexOf(words), text.indexOf(words) + words.length) };
}
