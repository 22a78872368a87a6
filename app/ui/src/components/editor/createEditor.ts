import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { deleteMarkupBackward, insertNewlineContinueMarkupCommand } from '@codemirror/lang-markdown';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, placeholder, type Command, type KeyBinding } from '@codemirror/view';

import { isTooIntricate } from '../../lib/markdownLimits';
import { lineDirections, markdownAppearance } from './appearance';
import { formatted } from './formatting';
import type { Format } from './handle';
import { lineSeparatorOf, withLineEnds } from './lineEndings';
import { textMarks } from './marks';

const format =
  (name: Format): Command =>
  (view) => {
    view.dispatch(formatted(view.state, name));
    return true;
  };

const FORMAT_KEYS: KeyBinding[] = [
  { key: 'Mod-b', run: format('bold') },
  { key: 'Mod-i', run: format('italic') },
];

/** Enter continues a list or a quote; a second Enter ends it. */
const MARKDOWN_KEYS: KeyBinding[] = [
  { key: 'Enter', run: insertNewlineContinueMarkupCommand({ nonTightLists: false }) },
  { key: 'Backspace', run: deleteMarkupBackward },
];

/** Tab is not bound, so that it moves the focus out of the editor. */
const KEYS = keymap.of([...FORMAT_KEYS, ...MARKDOWN_KEYS, ...historyKeymap, ...standardKeymap]);

const BEHAVIOUR: Extension = [
  history(),
  KEYS,
  EditorView.lineWrapping,
  EditorView.perLineTextDirection.of(true),
  lineDirections,
  textMarks,
  // Visible only in texts with mixed line endings; see lineEndings.
  highlightSpecialChars({ specialChars: /\r/g }),
  EditorView.clipboardInputFilter.of((text, state) => withLineEnds(state, text)),
  placeholder('Write here…'),
];

export interface EditorSurroundings {
  /** The accessible name. */
  label: string;
  /** Called after each change, with what changed. */
  onUpdate: (change: { ofText: boolean; ofSelection: boolean }) => void;
}

/** Returns an editor state for a text. Texts that would take too long to parse are not highlighted. */
export function stateFor(text: string, { label, onUpdate }: EditorSurroundings): EditorState {
  const separator = lineSeparatorOf(text);
  return EditorState.create({
    doc: text,
    extensions: [
      BEHAVIOUR,
      separator === undefined ? [] : EditorState.lineSeparator.of(separator),
      isTooIntricate(text) ? [] : markdownAppearance,
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true', autocorrect: 'on', autocapitalize: 'sentences' }),
      EditorView.updateListener.of(({ docChanged, selectionSet }) => {
        if (docChanged || selectionSet) onUpdate({ ofText: docChanged, ofSelection: true });
      }),
    ],
  });
}
