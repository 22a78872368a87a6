import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';

import { MAX_WISH, type RewriteWish } from '../../api/rewrites';
import { LANGUAGES } from '../../lib/languages';
import { SIMPLE_CHOICES, TONES, type Choice } from '../../lib/rewriteWishes';
import { Button } from '../Button';
import { ArrowLeftIcon, ChevronRightIcon } from '../icons';

type Level = 'all' | 'tone' | 'language' | 'own';

interface RewriteChooserProps {
  onChoose: (wish: RewriteWish) => void;
  /** Called when the menu is closed without a choice. */
  onClose: () => void;
}

/** The menu of rewrites for the selection, with two levels. Supports the arrow keys, Enter and Escape. */
export function RewriteChooser({ onChoose, onClose }: RewriteChooserProps) {
  const [level, setLevel] = useState<Level>('all');
  const back = () => setLevel('all');
  switch (level) {
    case 'tone':
      return <Choices key={level} label="Change tone" choices={TONES.map((tone) => ({ label: tone, wish: { action: 'tone', tone } }))} onChoose={onChoose} onBack={back} />;
    case 'language':
      return <Choices key={level} label="Translate" choices={LANGUAGES.map(([language, name]) => ({ label: name, lang: language, wish: { action: 'translate', language } }))} onChoose={onChoose} onBack={back} />;
    case 'own':
      return <OwnWords onChoose={onChoose} onBack={back} />;
    case 'all':
      return <Choices key={level} label="Rewrite" choices={SIMPLE_CHOICES} onChoose={onChoose} onClose={onClose} onLevel={setLevel} />;
  }
}

const LEVELS = [
  { label: 'Change tone', level: 'tone' },
  { label: 'Translate', level: 'language' },
  { label: 'Own words…', level: 'own' },
] as const;

interface ChoicesProps {
  label: string;
  choices: readonly (Choice & { lang?: string })[];
  onChoose: (wish: RewriteWish) => void;
  onClose?: () => void;
  onBack?: () => void;
  onLevel?: (level: Level) => void;
}

function Choices({ label, choices, onChoose, onClose, onBack, onLevel }: ChoicesProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus(), []);

  const move = (event: KeyboardEvent) => {
    const items = Array.from(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? []);
    const at = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) items.at(next === items.length ? 0 : next)?.focus();
    else if (event.key === 'Escape' || (event.key === 'ArrowLeft' && onBack)) (onBack ?? onClose)?.();
    else if (event.key === 'ArrowRight' && items[at]?.getAttribute('aria-haspopup') === 'menu') items[at].click();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== ' ') startingWith(items, at, event.key)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div>
      {onBack && (
        <button type="button" tabIndex={-1} className="menu-item text-muted" onClick={onBack}>
          <ArrowLeftIcon className="size-4" />
          <span>{label}</span>
        </button>
      )}
      <div ref={list} role="menu" aria-label={label} tabIndex={-1} className="max-h-72 overflow-y-auto" onKeyDown={move}>
        {choices.map(({ label: name, lang, wish }) => (
          <button key={name} type="button" role="menuitem" tabIndex={-1} lang={lang} className="menu-item" onClick={() => onChoose(wish)}>
            {name}
          </button>
        ))}
        {onLevel && LEVELS.map(({ label: name, level }) => (
          <button key={level} type="button" role="menuitem" aria-haspopup={level === 'own' ? 'dialog' : 'menu'} tabIndex={-1} className="menu-item" onClick={() => onLevel(level)}>
            <span className="flex-1">{name}</span>
            {level !== 'own' && <ChevronRightIcon className="size-4 text-muted" />}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Returns the next item that begins with a letter (typeahead). */
function startingWith(items: HTMLElement[], at: number, letter: string): HTMLElement | undefined {
  const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return turned.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()));
}

/** The form for a custom instruction. */
function OwnWords({ onChoose, onBack }: { onChoose: (wish: RewriteWish) => void; onBack: () => void }) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState('');
  useEffect(() => field.current?.focus(), []);
  const send = () => {
    if (words.trim() !== '') onChoose({ action: 'custom', instruction: words.trim() });
    else field.current?.focus();
  };
  return (
    <form
      aria-label="Own words"
      className="p-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor={id} className="text-sm font-semibold">
        What should change?
      </label>
      <textarea
        ref={field}
        id={id}
        value={words}
        dir="auto"
        rows={2}
        maxLength={MAX_WISH}
        placeholder="For example: name a second example"
        className="input mt-1.5 field-sizing-content max-h-40 min-h-16"
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onBack();
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || !event.shiftKey) && !event.nativeEvent.isComposing) send();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div className="mt-2 flex gap-2">
        <Button type="submit" look="primary">
          Rewrite
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </form>
  );
}

