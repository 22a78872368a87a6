import { useQueryClient } from '@tanstack/react-query';

import { batchKeys, type Batch } from '../api/batchKeys';
import { actOnBatch, deleteBatch, downloadBatch, type BatchAction } from '../api/batches';
import { contentKeys } from '../api/contentCache';
import { generateAgain } from '../api/generation';
import { useGoOn } from './useGoOn';
import { useTurns } from './useTurns';

/** The actions on a batch, one at a time; errors are shown in a notice. */
export function useBatchActions(batch: Batch) {
  const queries = useQueryClient();
  const goOn = useGoOn();
  const { busy, next } = useTurns<string>();

  const lookAgain = () =>
    Promise.all([queries.invalidateQueries({ queryKey: batchKeys.all }), queries.invalidateQueries({ queryKey: contentKeys.lists })]);

  const turn = (action: BatchAction) =>
    void next(action, async () => {
      queries.setQueryData(batchKeys.detail(batch.id), await actOnBatch(batch.id, action));
      await lookAgain();
    });
  /** Retries a single row. */
  const again = (contentId: string) =>
    void next(contentId, async () => {
      await generateAgain(contentId);
      await lookAgain();
    });
  const remove = () =>
    void next('delete', async () => {
      await deleteBatch(batch.id);
      await goOn('/bulk', { subject: batch.name, text: 'was deleted.', label: 'Open your batches' });
      queries.removeQueries({ queryKey: batchKeys.detail(batch.id) });
      await queries.invalidateQueries({ queryKey: batchKeys.all });
    });
  const download = (format: string) => void next('download', () => downloadBatch(batch.id, format));

  return { busy, turn, again, remove, download };
}

export type BatchActionsOf = ReturnType<typeof useBatchActions>;
