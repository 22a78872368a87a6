import { useCallback, useState } from 'react';

import type { TextSaver } from '../../lib/textSaver';
import { beginsWithTitle } from '../../lib/titles';
import { Button } from '../Button';
import type { EditorHandle } from '../editor/handle';
import TextEditor from '../editor/TextEditor';
import { SparkIcon } from '../editor/icons';
import { Toolbar } from '../editor/Toolbar';
import { EyeIcon } from '../icons';
import { PartsBoundary } from '../PartsBoundary';
import { openRewriteMenu } from '../rewriting/openRewriteMenu';
import { RenderedText } from './RenderedText';
import { TextSkeleton } from './TextSkeleton';

export interface EditorPaneProps {
  saver: TextSaver;
  /** The text as it is typed, and its title, which is not repeated as a heading. */
  text: string;
  title: string;
  editor: EditorHandle | null;
  onEditor: (editor: EditorHandle | null) => void;
}

/** On narrow windows, buttons show only their icons. */
const NARROW = 'max-sm:min-w-11 max-sm:px-0! aria-pressed:bg-sunken aria-pressed:text-ink';

/** The text in the editor, or as a preview. */
export default function EditorPane({ saver, text, title, editor, onEditor }: EditorPaneProps) {
  const [isPreview, setPreview] = useState(false);
  const [initialText] = useState(text);
  const onHandle = useCallback(
    (handle: EditorHandle | null) => {
      if (handle) connect(handle, saver);
      onEditor(handle);
    },
    [onEditor, saver],
  );

  return (
    <section aria-label="Editor" className="mt-5">
      <Toolbar editor={isPreview ? null : editor}>
        {!isPreview && (
          <Button look="quiet" className={NARROW} aria-haspopup="menu" aria-keyshortcuts="Control+." title="Rewrite the selected words (Ctrl+.)" icon={<SparkIcon className="size-4 max-sm:size-5" />} onClick={openRewriteMenu}>
            <span className="max-sm:sr-only">Rewrite</span>
          </Button>
        )}
        <Button look="quiet" className={NARROW} aria-pressed={isPreview} title="Preview" icon={<EyeIcon className="size-4 max-sm:size-5" />} onClick={() => setPreview(!isPreview)}>
          <span className="max-sm:sr-only">Preview</span>
        </Button>
      </Toolbar>
      <div id="text-editor" hidden={isPreview} className={`card mt-4 px-5 py-6 sm:px-10 sm:py-9 ${beginsWithTitle(text, title) ? 'repeats-title' : ''}`}>
        <TextEditor initialText={initialText} label="Text" onHandle={onHandle} />
      </div>
      {isPreview && (
        <article aria-label="The text" dir="auto" className="card mt-4 px-5 py-6 sm:px-10 sm:py-9">
          <PartsBoundary fallback={<TextSkeleton />}>
            <RenderedText text={text} title={title} />
          </PartsBoundary>
        </article>
      )}
    </section>
  );
}

/** Connects the editor and the saver: passes typed text on, and shows text that was saved elsewhere, restored or drafted. */
function connect(editor: EditorHandle, saver: TextSaver): void {
  const show = () => {
    if (editor.text() !== saver.typed.generatedText) editor.setText(saver.typed.generatedText);
  };
  show();
  editor.onDocChange(() => saver.type('generatedText', editor.text()));
  editor.onClose(saver.subscribe(show));
}
