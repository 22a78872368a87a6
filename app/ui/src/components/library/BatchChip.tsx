import { useQuery } from '@tanstack/react-query';

import { batchKeys } from '../../api/batchKeys';
import { getBatch } from '../../api/batches';
import { CloseIcon } from '../icons';

interface BatchChipProps {
  id: string;
  onRemove: () => void;
}

/** Says that only the texts of a batch are shown, and takes that off. */
export default function BatchChip({ id, onRemove }: BatchChipProps) {
  const { data: batch } = useQuery({ queryKey: batchKeys.detail(id), queryFn: ({ signal }) => getBatch(id, signal), retry: false });
  return (
    <p className="flex">
      <button type="button" onClick={onRemove} title="Show the texts of all batches" className="chip min-h-10 max-w-full" aria-pressed="true">
        <span className="min-w-0 truncate">
          <span>{batch ? 'Batch: ' : 'One batch'}</span>
          <bdi>{batch?.name}</bdi>
        </span>
        <CloseIcon className="ml-1.5 size-4 shrink-0" />
        <span className="sr-only">Show all texts</span>
      </button>
    </p>
  );
}
