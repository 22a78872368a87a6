import { useEffect, useRef, useState } from 'react';

import './editor.css';
import type { EditorHandle } from './handle';
import { openEditor } from './handleOf';

export interface TextEditorProps {
  /** The initial text; later ones are set through the handle. */
  initialText: string;
  /** The accessible name. */
  label: string;
  /** Called with the handle when the editor is mounted, and with null when it is unmounted. Must be stable. */
  onHandle: (handle: EditorHandle | null) => void;
}

/** An editor for Markdown source with formatting shown. Loaded as a separate chunk. */
export default function TextEditor({ initialText, label, onHandle }: TextEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const [begun] = useState({ initialText, label });

  useEffect(() => {
    if (!parent.current) return;
    const { handle, destroy } = openEditor(parent.current, begun.initialText, begun.label);
    onHandle(handle);
    return () => {
      onHandle(null);
      destroy();
    };
  }, [begun, onHandle]);

  return <div ref={parent} className="text-editor" />;
}
