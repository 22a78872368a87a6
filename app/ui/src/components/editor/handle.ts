/** What the rest of the page can do with the open editor. Places are UTF-16 offsets in `text()`. */

export interface TextRange {
  from: number;
  to: number;
}

/** A marked passage, such as a place that a check names. It moves with the text around it, and goes when its text goes. */
export interface TextMark extends TextRange {
  /** Becomes the class `text-mark-<kind>`. */
  kind: string;
  /** Shown when the pointer rests on it. */
  label: string;
}

export const FORMATS = ['bold', 'italic', 'heading2', 'heading3', 'list', 'link', 'quote'] as const;
export type Format = (typeof FORMATS)[number];

export interface EditorHandle {
  /** The Markdown, to the byte as it was given where nobody changed it. */
  text: () => string;
  selection: () => TextRange;
  /** Selects, scrolls the passage into view and takes the focus. */
  select: (from: number, to: number) => void;
  focus: () => void;
  /** Marks these passages instead of those before. */
  setMarks: (marks: readonly TextMark[]) => void;
  /** The marks that are left, where they are now. */
  marks: () => TextMark[];
  /** Puts `text` in the place of a passage, as one step that can be undone. */
  replace: (from: number, to: number, text: string) => void;
  /** Shows another text, as it was saved elsewhere; only what differs is changed, and undoing does not bring the old one back. */
  setText: (text: string) => void;
  /** Where the selection is in the window; null while that part of the text is not drawn. */
  coordsAtSelection: () => DOMRect | null;
  format: (format: Format) => void;
  undo: () => void;
  redo: () => void;
  /** How many steps can be undone and redone. */
  history: () => { undo: number; redo: number };
  /** Calls back after each change of the selection; returns the way to stop it. */
  onSelectionChange: (listener: () => void) => () => void;
  /** Calls back after each change of the text, also one by `replace` or `setText`. */
  onDocChange: (listener: () => void) => () => void;
  /** Calls back once, when the editor is closed. */
  onClose: (listener: () => void) => void;
}
