import { timeOfDay } from '../../lib/age';
import type { SaveState } from '../../lib/saveState';

interface SavedNoteProps {
  state: SaveState;
  onSaveEmpty: () => void;
  onCompare: () => void;
}

/** The save state, with an action if saving failed. */
export function SavedNote({ state, onSaveEmpty, onCompare }: SavedNoteProps) {
  const isFine = state.name === 'saved' || state.name === 'unsaved' || state.name === 'saving';
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span className={isFine ? '' : 'font-semibold text-danger'}>{wordsOf(state)}</span>
      {/* Told when it matters, not at every save. */}
      <span role="status" className="sr-only">
        {isFine ? '' : wordsOf(state)}
      </span>
      {state.name === 'empty' && (
        <button type="button" className="link font-medium" onClick={onSaveEmpty}>
          Save without a text
        </button>
      )}
      {state.name === 'conflict' && (
        <button type="button" className="link font-medium" onClick={onCompare}>
          Choose
        </button>
      )}
    </span>
  );
}

function wordsOf(state: SaveState): string {
  switch (state.name) {
    case 'saved':
      return `Saved ${timeOfDay(state.at)}`;
    case 'unsaved':
    case 'saving':
      return 'Saving…';
    case 'away':
    case 'refused':
      return `Not saved: ${state.message}`;
    case 'empty':
      return 'Not saved: the text is empty.';
    case 'conflict':
      return 'Not saved: changed in another tab.';
  }
}
