import { useState, type SyntheticEvent } from 'react';

import type { useBulkActions } from '../../hooks/useBulkActions';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';

interface SelectionBarProps {
  selected: string[];
  total: number;
  inTrash: boolean;
  actions: ReturnType<typeof useBulkActions>;
  onSelectAll: () => void;
  onClear: () => void;
}

type Question = 'trash' | 'purge' | null;

/** What can be done with the selected texts. One goes to the trash without a question: it can be had back. */
export function SelectionBar({ selected, total, inTrash, actions, onSelectAll, onClear }: SelectionBarProps) {
  const [question, setQuestion] = useState<Question>(null);
  const { busy, change } = actions;
  const count = selected.length === 1 ? '1 text' : `${selected.length} texts`;
  const act = async (action: 'trash' | 'untrash' | 'purge') => {
    setQuestion(null);
    if (await change(selected, action)) onClear();
  };

  return (
    <section aria-label="Selected texts" className="sticky top-2 z-20 mb-3 flex flex-wrap items-center gap-2.5 rounded-2xl border border-accent bg-accent-soft px-4 py-2.5">
      <p role="status" className="mr-auto font-semibold">
        {`${selected.length} selected`}
      </p>
      {selected.length < total && <Button onClick={onSelectAll}>{`Select all ${total} here`}</Button>}
      {inTrash ? (
        <>
          <Button busy={busy === 'untrash'} onClick={() => void act('untrash')}>
            Restore
          </Button>
          <Button look="danger" busy={busy === 'purge'} onClick={() => setQuestion('purge')}>
            Delete for good
          </Button>
        </>
      ) : (
        <>
          <TagForm onTag={(tag) => void change(selected, 'tag', tag)} />
          <Button look="danger" busy={busy === 'trash'} onClick={() => (selected.length > 1 ? setQuestion('trash') : void act('trash'))}>
            Delete
          </Button>
        </>
      )}
      <Button look="quiet" onClick={onClear}>
        Clear
      </Button>
      {question && (
        <ConfirmDialog
          title={question === 'trash' ? `Move ${count} to the trash?` : `Delete ${count} for good?`}
          confirm={question === 'trash' ? 'Move to trash' : 'Delete for good'}
          onConfirm={() => void act(question)}
          onCancel={() => setQuestion(null)}
        >
          <p>{question === 'trash' ? 'You can restore them from the trash.' : 'They are gone with all their versions. This cannot be undone.'}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function TagForm({ onTag }: { onTag: (tag: string) => void }) {
  const [tag, setTag] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (tag.trim() === '') return;
    onTag(tag.trim());
    setTag('');
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-1.5">
      <label>
        <span className="sr-only">Tag</span>
        <input type="text" dir="auto" maxLength={40} value={tag} onChange={(event) => setTag(event.target.value)} placeholder="Tag" autoComplete="off" className="input w-32 py-1.5 text-sm" />
      </label>
      <Button type="submit">Add tag</Button>
    </form>
  );
}
