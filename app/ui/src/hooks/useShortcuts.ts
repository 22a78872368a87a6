import { useEffect, useEffectEvent, useRef } from 'react';
import { useNavigate } from 'react-router';

import { useUser } from '../contexts/auth';
import { rememberedChoice } from '../lib/drafts';

/** Whether single-key shortcuts are on; speech-input users may turn them off (WCAG 2.1.4). */
export const SINGLE_KEYS = 'single-keys';

export const SHORTCUTS = [
  { keys: 'Ctrl+K', what: 'Search texts or do something' },
  { keys: 'N', what: 'New text' },
  { keys: '/', what: 'Search in the library' },
  { keys: '?', what: 'This list' },
  { keys: 'F6', what: 'To a notice, and back' },
  { keys: 'Ctrl+Enter', what: 'Send the form for a new text' },
] as const;

interface Handlers {
  onPalette: () => void;
  onHelp: () => void;
}

/** How long after a key in a text field single keys still belong to that text: the field may disappear while it is typed in. */
const TYPING_MS = 1_000;

/** The global keyboard shortcuts. Single keys are ignored in text fields and while a dialog is open. */
export function useShortcuts({ onPalette, onHelp }: Handlers): void {
  const navigate = useNavigate();
  const { id } = useUser();
  const lastTyped = useRef(-TYPING_MS);

  const act = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isCommand && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      onPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isBusy(event.target) || event.timeStamp - lastTyped.current < TYPING_MS) {
      if (event.key.length === 1) lastTyped.current = event.timeStamp;
      return;
    }
    if (rememberedChoice(id, SINGLE_KEYS) === 'off') return;
    if (event.key === 'n') void navigate('/contents/new');
    else if (event.key === '?') onHelp();
    else if (event.key === '/') searchField()?.focus();
    else return;
    event.preventDefault();
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => act(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function searchField(): HTMLElement | null {
  return document.querySelector<HTMLElement>('main input[type="search"]');
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [role="menu"]') !== null);
}
