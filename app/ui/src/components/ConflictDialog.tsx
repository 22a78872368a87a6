import { useMemo, useState } from 'react';

import { timeOfDay } from '../lib/age';
import { changesBetween } from '../lib/textDiff';
import { Button } from './Button';
import { useModal } from './ConfirmDialog';
import { DiffText } from './detail/DiffText';

export interface ConflictDialogProps {
  what: 'text' | 'template';
  /** When it was saved elsewhere, and what it says there. */
  changedAt: string;
  theirs: string;
  mine: string;
  busy: boolean;
  onKeepMine: () => void;
  onUseTheirs: () => void;
  onCancel: () => void;
}

const OF_THE_OTHER = { text: 'the other one stays among the versions', template: 'it replaces the other one' };

/** Resolves an edit conflict between two tabs or devices: shows the differences and asks which text to keep. Neither is lost. */
export default function ConflictDialog({ what, changedAt, theirs, mine, busy, onKeepMine, onUseTheirs, onCancel }: ConflictDialogProps) {
  const dialog = useModal();
  const [isComparing, setComparing] = useState(false);
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby="conflict-title"
      aria-describedby="conflict-text"
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      className="dialog max-w-2xl!"
    >
      <h2 id="conflict-title" className="font-serif text-xl font-semibold">
        {`This ${what} was changed in another tab at ${timeOfDay(changedAt)}.`}
      </h2>
      <p id="conflict-text" className="mt-2 text-muted">
        {`If you keep yours, ${OF_THE_OTHER[what]}. If you use the other one, yours is kept on this device.`}
      </p>
      {isComparing && <Comparison theirs={theirs} mine={mine} />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        {!isComparing && <Button onClick={() => setComparing(true)}>Compare</Button>}
        <Button onClick={onUseTheirs}>Use the other</Button>
        <Button look="primary" busy={busy} onClick={onKeepMine}>
          Keep mine
        </Button>
      </div>
    </dialog>
  );
}

function Comparison({ theirs, mine }: { theirs: string; mine: string }) {
  const changes = useMemo(() => changesBetween(theirs, mine), [theirs, mine]);
  return (
    // Scrolls separately, also with the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="region" aria-label="From the other one to yours" tabIndex={0} dir="auto" className="mt-4 max-h-80 overflow-y-auto rounded-lg bg-paper p-3">
      {changes === null ? <p className="text-sm text-muted">They differ in too many places to be shown side by side.</p> : <DiffText changes={changes} />}
    </div>
  );
}
