import { useEffect, useRef, useState, type ComponentType, type KeyboardEvent, type ReactNode } from 'react';

import { useRoomy } from '../../hooks/useWide';
import { MoreIcon } from '../icons';
import { Menu } from '../Menu';
import { LinkIcon, ListIcon, QuoteIcon, RedoIcon, UndoIcon } from './icons';
import type { EditorHandle, Format } from './handle';

interface ToolbarProps {
  editor: EditorHandle | null;
  /** Shown at the end of the toolbar, with its own tab stop. */
  children?: ReactNode;
}

interface Tool {
  label: string;
  keys?: string;
  /** Text or an icon. */
  face: string | ComponentType<{ className?: string }>;
  look?: string;
  /** Stays visible on narrow windows, where the others are in a menu. */
  isFrequent?: true;
  isOff: boolean;
  run: () => void;
}

const FORMATS: (Omit<Tool, 'isOff' | 'run'> & { format: Format })[] = [
  { label: 'Bold', keys: 'Control+B', face: 'B', look: 'font-bold', isFrequent: true, format: 'bold' },
  { label: 'Italic', keys: 'Control+I', face: 'I', look: 'italic font-serif', format: 'italic' },
  { label: 'Heading', face: 'H2', isFrequent: true, format: 'heading2' },
  { label: 'Smaller heading', face: 'H3', format: 'heading3' },
  { label: 'List', face: ListIcon, isFrequent: true, format: 'list' },
  { label: 'Link', face: LinkIcon, format: 'link' },
  { label: 'Quote', face: QuoteIcon, format: 'quote' },
];

function toolsFor(editor: EditorHandle | null, steps: { undo: number; redo: number }): Tool[] {
  return [
    { label: 'Undo', keys: 'Control+Z', face: UndoIcon, isFrequent: true, isOff: steps.undo === 0, run: () => editor?.undo() },
    { label: 'Redo', keys: 'Control+Y', face: RedoIcon, isOff: steps.redo === 0, run: () => editor?.redo() },
    ...FORMATS.map(({ format, ...tool }) => ({ ...tool, isOff: editor === null, run: () => editor?.format(format) })),
  ];
}

/** The formatting toolbar. It is one tab stop; the arrow keys move within it. */
export function Toolbar({ editor, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const tools = toolsFor(editor, useHistory(editor));
  const isRoomy = useRoomy();
  const shown = isRoomy ? tools : tools.filter(({ isFrequent }) => isFrequent);
  const rest = tools.filter((tool) => !shown.includes(tool) && !tool.isOff);

  const move = (event: KeyboardEvent) => {
    const buttons = Array.from(bar.current?.querySelectorAll<HTMLElement>('.tool') ?? []);
    const at = buttons.findIndex((button) => button === event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || at === -1) return;
    event.preventDefault();
    buttons[next % buttons.length]?.focus();
  };
  const stop = (index: number) => ({ tabIndex: index === Math.min(current, shown.length) ? 0 : -1, onFocus: () => setCurrent(index) });

  return (
    <div className="text-toolbar">
      <div ref={bar} role="toolbar" aria-label="Formatting" aria-controls="text-editor" tabIndex={-1} className="flex min-w-0 gap-0.5" onKeyDown={move}>
        {shown.map((tool, index) => (
          <ToolButton key={tool.label} tool={tool} {...stop(index)} />
        ))}
        {!isRoomy && (
          <Menu
            align="start"
            actions={rest.map(({ label, run }) => ({ label, onSelect: run }))}
            trigger={({ onClick, ...wiring }) => (
              <button type="button" aria-label="More formatting" title="More formatting" aria-disabled={editor === null || undefined} className="tool" {...wiring} {...stop(shown.length)} onClick={(event) => editor && onClick?.(event)}>
                <MoreIcon />
              </button>
            )}
          />
        )}
      </div>
      <div className="ml-auto flex shrink-0">{children}</div>
    </div>
  );
}

interface ToolButtonProps {
  tool: Tool;
  tabIndex: number;
  onFocus: () => void;
}

function ToolButton({ tool: { label, keys, face: Face, look, isOff, run }, ...wiring }: ToolButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={keys}
      aria-disabled={isOff || undefined}
      title={label}
      {...wiring}
      // Keeps the selection in the editor.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => !isOff && run()}
      className="tool"
    >
      {typeof Face === 'string' ? <span className={look}>{Face}</span> : <Face />}
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
