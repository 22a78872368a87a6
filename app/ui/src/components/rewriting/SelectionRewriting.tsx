import { useEffect, useEffectEvent, useState } from 'react';

import { MAX_PASSAGE, type RewriteWish } from '../../api/rewrites';
import { useNotices } from '../../contexts/notices';
import type { RewritingOfPage } from '../../hooks/useRewriting';
import { useRoomy } from '../../hooks/useWide';
import { trimmed, type Passage } from '../../lib/passages';
import { purposeOf, SIMPLE_CHOICES } from '../../lib/rewriteWishes';
import type { EditorHandle } from '../editor/handle';
import { Floating } from './Floating';
import { OPEN_REWRITE } from './openRewriteMenu';
import { RewriteChooser } from './RewriteChooser';
import { RewriteResult } from './RewriteResult';
import { SpokenSuggestions } from './SpokenSuggestions';

const SELECTED = 'selection';
/** Nothing appears while the user is still dragging or holding a key. */
const QUIET_MS = 300;

interface SelectionRewritingProps {
  editor: EditorHandle;
  rewriting: RewritingOfPage;
}

/** The selection when the menu was opened; null while it is closed. */
type Open = { name: 'bar' | 'chooser'; passage: Passage } | null;

/** The rewrite menu beside the selection, and then the result. */
export function SelectionRewriting({ editor, rewriting: { rewriting, proposals } }: SelectionRewritingProps) {
  const [open, setOpen] = useState<Open>(null);
  const isRoomy = useRoomy();
  const notices = useNotices();
  const proposal = proposals.find(({ group }) => group === SELECTED) ?? null;

  useQuietSelection(editor, () => {
    const passage = selectedIn(editor);
    setOpen((before) => (before?.name === 'chooser' ? before : passage && { name: 'bar', passage }));
  });
  useShortcut(() => {
    const passage = selectedIn(editor);
    if (passage) setOpen({ name: 'chooser', passage });
    else notices.show({ text: 'Select the words that should change.' });
  });

  const close = () => {
    setOpen(null);
    editor.focus();
  };
  const choose = (passage: Passage, wish: RewriteWish) => {
    setOpen(null);
    if (Array.from(editor.text().slice(passage.from, passage.to)).length > MAX_PASSAGE) {
      notices.show({ text: `Select at most ${MAX_PASSAGE.toLocaleString('en')} characters.` });
      return;
    }
    rewriting.textIs(editor.text());
    rewriting.propose([{ wish, passage, purpose: purposeOf(wish), group: SELECTED }]);
  };
  const end = () => {
    rewriting.discard(({ group }) => group === SELECTED);
    editor.focus();
  };
  const accept = async (id: string) => {
    if (!(await rewriting.accept(id))) return;
    notices.show({ text: 'Put into your text.', action: { label: 'Undo', run: editor.undo } });
    editor.focus();
  };

  return (
    <>
      <SpokenSuggestions proposals={proposal ? [proposal] : []} />
      {proposal ? (
        <Floating editor={editor} isSheet={!isRoomy} className="w-[28rem] p-3" onKeyDown={(event) => event.key === 'Escape' && end()}>
          <RewriteResult proposal={proposal} takesFocus onAccept={() => void accept(proposal.id)} onAgain={() => rewriting.again(proposal.id)} onDiscard={end} />
        </Floating>
      ) : open?.name === 'chooser' ? (
        <Floating editor={editor} isSheet={!isRoomy}>
          <RewriteChooser onChoose={(wish) => choose(open.passage, wish)} onClose={close} />
        </Floating>
      ) : open ? (
        <Floating editor={editor} isSheet={!isRoomy} role="group" aria-label="Rewrite the selected words" className="flex flex-wrap gap-1">
          {SIMPLE_CHOICES.slice(0, 3).map(({ label, wish }) => (
            <BarButton key={label} label={label} onClick={() => choose(open.passage, wish)} />
          ))}
          <BarButton label="More…" hasMenu onClick={() => setOpen({ name: 'chooser', passage: open.passage })} />
        </Floating>
      ) : null}
    </>
  );
}

function BarButton({ label, hasMenu = false, onClick }: { label: string; hasMenu?: boolean; onClick: () => void }) {
  return (
    // Keeps the selection in the editor.
    <button type="button" aria-haspopup={hasMenu ? 'menu' : undefined} className="menu-item w-auto font-medium" onPointerDown={(event) => event.preventDefault()} onClick={onClick}>
      {label}
    </button>
  );
}

/** The selection without surrounding white space. */
function selectedIn(editor: EditorHandle): Passage | null {
  return trimmed(editor.text(), editor.selection());
}

/** Calls back when the selection has not changed for a moment and no pointer button is held. */
function useQuietSelection(editor: EditorHandle, look: () => void): void {
  const later = useEffectEvent(look);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isHeld = false;
    const wait = () => {
      clearTimeout(timer);
      if (!isHeld) timer = setTimeout(() => later(), QUIET_MS);
    };
    const hold = () => void (isHeld = true);
    const release = () => {
      isHeld = false;
      wait();
    };
    const stop = editor.onSelectionChange(wait);
    window.addEventListener('pointerdown', hold);
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    return () => {
      clearTimeout(timer);
      stop();
      window.removeEventListener('pointerdown', hold);
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', release);
    };
  }, [editor]);
}

function useShortcut(open: () => void): void {
  const now = useEffectEvent(open);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '.' || !(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      now();
    };
    const asked = () => now();
    window.addEventListener('keydown', press);
    window.addEventListener(OPEN_REWRITE, asked);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener(OPEN_REWRITE, asked);
    };
  }, []);
}
