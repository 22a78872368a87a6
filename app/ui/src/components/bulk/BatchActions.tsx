import { useState } from 'react';

import type { Batch } from '../../api/batchKeys';
import type { BatchActionsOf } from '../../hooks/useBatchActions';
import { addressOf, NO_FILTERS } from '../../hooks/useListFilters';
import { isUnderWay } from '../../lib/batchWords';
import { EXPORT_FORMATS } from '../../lib/exportFormats';
import { Button, ButtonLink } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { ChevronDownIcon } from '../icons';
import { Menu } from '../Menu';

/** Pause, resume, cancel the rest, retry failed rows, download the results, and delete what has ended. */
export function BatchActions({ batch, actions }: { batch: Batch; actions: BatchActionsOf }) {
  const { counts, state } = batch;
  const [asking, setAsking] = useState<'cancel' | 'delete' | null>(null);
  const { busy, turn, remove, download } = actions;
  const goesOn = isUnderWay(counts) && state !== 'cancelled';
  const rest = counts.pending + counts.processing;
  const close = () => setAsking(null);
  const cancel = () => {
    close();
    turn('cancel');
  };
  const removeIt = () => {
    close();
    remove();
  };
  return (
    <div className="flex flex-wrap gap-2.5">
      {counts.failed > 0 && state !== 'cancelled' && (
        <Button look="primary" busy={busy === 'retry-failed'} onClick={() => turn('retry-failed')}>
          {counts.failed === 1 ? 'Try the 1 again' : `Try the ${counts.failed} again`}
        </Button>
      )}
      {goesOn && state === 'running' && (
        <Button busy={busy === 'pause'} onClick={() => turn('pause')}>
          Pause
        </Button>
      )}
      {goesOn && state === 'paused' && (
        <Button look="primary" busy={busy === 'resume'} onClick={() => turn('resume')}>
          Resume
        </Button>
      )}
      {goesOn && (
        <Button look="danger" busy={busy === 'cancel'} onClick={() => setAsking('cancel')}>
          Cancel the rest
        </Button>
      )}
      <Menu
        align="start"
        actions={[
          { label: 'Table (CSV)', onSelect: () => download('csv') },
          ...EXPORT_FORMATS.map(({ format, label }) => ({ label: `${label}, zipped`, onSelect: () => download(format) })),
        ]}
        trigger={(wiring) => (
          <Button {...wiring} busy={busy === 'download'} icon={<ChevronDownIcon className="size-4" />}>
            Download
          </Button>
        )}
      />
      <ButtonLink to={addressOf({ ...NO_FILTERS, batchId: batch.id })} look="quiet">
        Show in the library
      </ButtonLink>
      {!goesOn && (
        <Button look="danger" busy={busy === 'delete'} onClick={() => setAsking('delete')}>
          Delete the batch
        </Button>
      )}
      {asking === 'cancel' && (
        <ConfirmDialog title={rest === 1 ? 'Cancel the last text?' : `Cancel ${rest} texts?`} confirm="Cancel the rest" cancel="Go on" onConfirm={cancel} onCancel={close}>
          <p>What is ready stays. What is cancelled cannot be resumed.</p>
        </ConfirmDialog>
      )}
      {asking === 'delete' && (
        <ConfirmDialog title="Delete this batch?" confirm="Delete the batch" cancel="Keep it" onConfirm={removeIt} onCancel={close}>
          <p>Its list of rows is deleted. Its texts stay in the library.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
