import { useEffect, useRef, useState } from 'react';

import './editor.css';
import type { EditorHandle } from './handle';
import { openEditor } from './handleOf';

export interface TextEditorProps {
  /** What it begins with; later texts are given to the handle. */
  initialText: string;
  /** The accessible name. */
  label: string;
  /** Called with the handle when the editor is there, and with null when it is gone. Must stay the same function. */
  onHandle: (handle: EditorHandle | null) => void;
}

/** Markdown as it is, with its meaning in sight: to be written in, on a file of its own. */
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
