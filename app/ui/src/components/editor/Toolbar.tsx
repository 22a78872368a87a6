import { useEffect, useRef, useState, type ComponentType, type KeyboardEvent, type ReactNode } from 'react';

import { LinkIcon, ListIcon, QuoteIcon, RedoIcon, UndoIcon } from './icons';
import type { EditorHandle, Format } from './handle';

interface ToolbarProps {
  editor: EditorHandle | null;
  /** Stands at the end of the bar, reached with Tab. */
  children?: ReactNode;
}

interface Tool {
  label: string;
  keys?: string;
  /** Letters, or an icon. */
  face: string | ComponentType<{ className?: string }>;
  look?: string;
  format: Format;
}

const TOOLS: Tool[] = [
  { label: 'Bold', keys: 'Control+B', face: 'B', look: 'font-bold', format: 'bold' },
  { label: 'Italic', keys: 'Control+I', face: 'I', look: 'italic font-serif', format: 'italic' },
  { label: 'Heading', face: 'H2', format: 'heading2' },
  { label: 'Smaller heading', face: 'H3', format: 'heading3' },
  { label: 'List', face: ListIcon, format: 'list' },
  { label: 'Link', face: LinkIcon, format: 'link' },
  { label: 'Quote', face: QuoteIcon, format: 'quote' },
];

/** What can be done with the selected words; one stop for Tab, moved through with the arrows. */
export function Toolbar({ editor, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const steps = useHistory(editor);

  const move = (event: KeyboardEvent) => {
    const buttons = Array.from(bar.current?.querySelectorAll('button') ?? []);
    const next = { ArrowRight: current + 1, ArrowLeft: current - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(next % buttons.length);
    buttons[next % buttons.length]?.focus();
  };
  const wiring = (index: number, isOff: boolean, run: () => void) => ({
    tabIndex: index === current ? 0 : -1,
    'aria-disabled': isOff || undefined,
    onFocus: () => setCurrent(index),
    onClick: () => !isOff && run(),
  });

  return (
    <div className="text-toolbar">
      <div ref={bar} role="toolbar" aria-label="Formatting" aria-controls="text-editor" tabIndex={-1} className="flex min-w-0 gap-0.5 overflow-x-auto" onKeyDown={move}>
        <ToolButton label="Undo" keys="Control+Z" {...wiring(0, steps.undo === 0, () => editor?.undo())}>
          <UndoIcon />
        </ToolButton>
        <ToolButton label="Redo" keys="Control+Y" {...wiring(1, steps.redo === 0, () => editor?.redo())}>
          <RedoIcon />
        </ToolButton>
        <span aria-hidden="true" className="mx-1 my-2 w-px shrink-0 bg-line" />
        {TOOLS.map(({ label, keys, face: Face, look, format }, index) => (
          <ToolButton key={label} label={label} keys={keys} {...wiring(index + 2, editor === null, () => editor?.format(format))}>
            {typeof Face === 'string' ? <span className={look}>{Face}</span> : <Face />}
          </ToolButton>
        ))}
      </div>
      <div className="ml-auto shrink-0">{children}</div>
    </div>
  );
}

interface ToolButtonProps {
  label: string;
  keys?: string | undefined;
  tabIndex: number;
  'aria-disabled': true | undefined;
  onFocus: () => void;
  onClick: () => void;
  children: ReactNode;
}

function ToolButton({ label, keys, children, ...wiring }: ToolButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={keys}
      title={label}
      {...wiring}
      // The selection stays where it is.
      onPointerDown={(event) => event.preventDefault()}
      className="tool"
    >
      {children}
    </button>
  );
}

function useHistory(editor: EditorHandle | null): { undo: number; redo: number } {
  const [steps, setSteps] = useState({ undo: 0, redo: 0 });
  useEffect(() => {
    if (!editor) return;
    const look = () => setSteps(editor.history());
    look();
    return editor.onDocChange(look);
  }, [editor]);
  return steps;
}
