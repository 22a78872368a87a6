import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';

import { contentKeys } from '../../api/contentCache';
import { listContents } from '../../api/contents';
import { NO_FILTERS } from '../../hooks/useListFilters';
import { Modal } from './Modal';

interface CommandPaletteProps {
  onClose: () => void;
  onShowShortcuts: () => void;
}

interface Command {
  key: string;
  label: string;
  kind: string;
  /** Found by the previous search: Enter waits for the results of this one. */
  isStale?: boolean;
  run: () => void;
}

const SHOWN_TEXTS = 7;

/** The command palette: finds texts and runs actions from any page. */
export default function CommandPalette({ onClose, onShowShortcuts }: CommandPaletteProps) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const { commands, state } = useCommands(typed, onClose, onShowShortcuts);
  const place = commands.findIndex(({ key }) => key === chosen);
  const current = Math.max(0, place);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.nativeEvent.isComposing || (step === undefined && event.key !== 'Enter')) return;
    event.preventDefault();
    // If new results no longer include the chosen one, the first Enter only chooses again.
    const hasVanished = chosen !== null && place === -1;
    if (step !== undefined) setChosen(commands.at((current + step) % commands.length)?.key ?? null);
    else if (hasVanished) setChosen(commands[current]?.key ?? null);
    else if (!commands[current]?.isStale) commands[current]?.run();
  };

  return (
    <Modal label="Search texts or do something" className="mt-[12dvh]! max-w-xl! p-0!" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={commands[current] ? `command-${current}` : undefined}
        aria-label="Search texts or do something"
        placeholder="Search texts or do something…"
        autoComplete="off"
        dir="auto"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(null);
        }}
        onKeyDown={onKeyDown}
        className="w-full border-b border-line bg-transparent px-5 py-4 text-base outline-none placeholder:text-muted"
      />
      <div id="commands" role="listbox" aria-label="Results" className="max-h-[50dvh] overflow-y-auto p-2">
        {commands.map(({ key, label, kind, run }, index) => (
          // Keyboard users select it through the field above.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={key}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={run}
            className="flex min-h-11 cursor-pointer items-center gap-4 rounded-lg px-3 py-2 aria-selected:bg-accent-soft"
          >
            <bdi className="min-w-0 flex-1 truncate">{label}</bdi>
            <span className="text-xs text-muted">{kind}</span>
          </div>
        ))}
      </div>
      <p role="status" className="px-5 pb-3 text-sm text-muted">
        {state}
      </p>
    </Modal>
  );
}

function useCommands(typed: string, onClose: () => void, onShowShortcuts: () => void): { commands: Command[]; state: string } {
  const navigate = useNavigate();
  const wanted = useDeferredValue(typed.trim());
  const filters = { ...NO_FILTERS, q: wanted, size: SHOWN_TEXTS };
  const { data, fetchStatus, isPlaceholderData } = useQuery({
    queryKey: contentKeys.list(filters),
    queryFn: ({ signal }) => listContents(filters, signal),
    placeholderData: keepPreviousData,
  });
  const to = (address: string) => () => {
    onClose();
    void navigate(address);
  };
  const actions: Command[] = [
    { key: 'new', label: 'New text', kind: 'Go to', run: to('/contents/new') },
    { key: 'library', label: 'Library', kind: 'Go to', run: to('/contents') },
    { key: 'bulk', label: 'Many texts at once', kind: 'Go to', run: to('/bulk') },
    { key: 'templates', label: 'Templates', kind: 'Go to', run: to('/templates') },
    { key: 'attention', label: 'Needs attention', kind: 'Go to', run: to('/contents?generation=failed') },
    { key: 'shortcuts', label: 'Keyboard shortcuts', kind: 'Show', run: onShowShortcuts },
  ];
  const isStale = isPlaceholderData || wanted !== typed.trim();
  const isOffline = fetchStatus === 'paused';
  const found = isOffline && isPlaceholderData ? [] : (data?.contents ?? []);
  const texts = found.slice(0, SHOWN_TEXTS).map(({ id, title }) => ({ key: id, label: title, kind: 'Text', isStale, run: to(`/contents/${id}`) }));
  const words = typed.trim().toLowerCase();
  const commands = [...actions.filter(({ label }) => label.toLowerCase().includes(words)), ...texts];
  const isSearching = isStale || (fetchStatus === 'fetching' && !data);
  return { commands, state: stateOf({ isOffline, isSearching, isEmpty: commands.length === 0 }) };
}

function stateOf({ isOffline, isSearching, isEmpty }: Record<'isOffline' | 'isSearching' | 'isEmpty', boolean>): string {
  if (isOffline) return "You're offline: texts cannot be searched.";
  if (isSearching) return 'Searching…';
  return isEmpty ? 'Nothing matches.' : '';
}
