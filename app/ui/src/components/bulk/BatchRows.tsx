import type { BatchItem } from '../../api/batches';
import type { BatchActionsOf } from '../../hooks/useBatchActions';
import { failureWords } from '../../lib/failureWords';
import { wordsText } from '../../lib/words';
import { Button, ButtonLink } from '../Button';
import './batchRows.css';
import { GenerationBadge } from '../StatusBadge';

interface BatchRowsProps {
  items: BatchItem[];
  actions: BatchActionsOf;
  isFiltered: boolean;
}

/** The rows of a batch: table rows, or cards on narrow windows. */
export function BatchRows({ items, actions, isFiltered }: BatchRowsProps) {
  if (items.length === 0) {
    return <p className="card px-5 py-8 text-center text-muted">{isFiltered ? 'No row is in this state.' : 'This batch has no rows.'}</p>;
  }
  return (
    <ul aria-label="Rows" className="card divide-y divide-line">
      {items.map((item) => (
        <li key={item.row}>
          <Row item={item} actions={actions} />
        </li>
      ))}
    </ul>
  );
}

function Row({ item, actions }: { item: BatchItem; actions: BatchActionsOf }) {
  const { row, status, contentId, words } = item;
  const name = item.title ?? Object.values(item.values).find((value): value is string => typeof value === 'string' && value.trim() !== '') ?? `Row ${row}`;
  const isGone = contentId === null && status === 'cancelled';
  return (
    <div className={`batch-row ${status === 'failed' ? 'batch-row-failed' : ''}`}>
      <p className="text-sm text-muted tabular-nums">{row}</p>
      <div className="min-w-0">
        <p className="truncate font-medium">
          <bdi>{name}</bdi>
        </p>
        {status === 'failed' && <p className="text-sm break-words text-danger">{failureWords(item.failureCode, item.failureReason).reason}</p>}
      </div>
      <div className="flex">
        <GenerationBadge state={status} />
      </div>
      <p className="text-sm text-muted tabular-nums">{words === null || status !== 'completed' ? '' : wordsText(words)}</p>
      <div className="flex justify-end gap-2">
        {status === 'failed' && contentId && (
          <Button busy={actions.busy === contentId} aria-label={`Try ${name} again`} onClick={() => actions.again(contentId)}>
            Try again
          </Button>
        )}
        {contentId && (
          <ButtonLink to={`/contents/${contentId}`} look="quiet" aria-label={`Open ${name}`}>
            Open
          </ButtonLink>
        )}
        {isGone && <span className="text-sm text-muted">Not written</span>}
      </div>
    </div>
  );
}
