/** The interface of the open editor. Positions are UTF-16 offsets in `text()`. */

export interface TextRange {
  from: number;
  to: number;
}

/** A marked passage, such as a place of a finding. It moves with the text and disappears if its text is deleted. */
export interface TextMark extends TextRange {
  /** Becomes the class `text-mark-<kind>`. */
  kind: string;
  /** The tooltip. */
  label: string;
}

export const FORMATS = ['bold', 'italic', 'heading2', 'heading3', 'list', 'link', 'quote'] as const;
export type Format = (typeof FORMATS)[number];

export interface EditorHandle {
  /** The Markdown source. Unchanged parts are byte-identical to the input. */
  text: () => string;
  selection: () => TextRange;
  /** Selects the passage, scrolls it into view and focuses the editor. */
  select: (from: number, to: number) => void;
  focus: () => void;
  /** Replaces all marks. */
  setMarks: (marks: readonly TextMark[]) => void;
  /** The remaining marks at their current positions. */
  marks: () => TextMark[];
  /** Replaces a passage by `text`, as one undo step. */
  replace: (from: number, to: number, text: string) => void;
  /** Shows a text that was saved elsewhere. Only the difference is changed, and Undo does not revert it. */
  setText: (text: string) => void;
  /** The selection's position in the window; null while that part is not rendered. */
  coordsAtSelection: () => DOMRect | null;
  format: (format: Format) => void;
  undo: () => void;
  redo: () => void;
  /** The numbers of undo and redo steps. */
  history: () => { undo: number; redo: number };
  /** Calls back after each change of the selection. Returns the function to unsubscribe. */
  onSelectionChange: (listener: () => void) => () => void;
  /** Calls back after each change of the text, also one by `replace` or `setText`. */
  onDocChange: (listener: () => void) => () => void;
  /** Calls back once when the editor is closed. */
  onClose: (listener: () => void) => void;
}
