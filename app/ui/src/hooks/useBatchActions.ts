import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { batchKeys, type Batch } from '../api/batchKeys';
import { actOnBatch, downloadBatch, type BatchAction } from '../api/batches';
import { contentKeys } from '../api/contentCache';
import { messageOf } from '../api/errors';
import { generateAgain } from '../api/generation';
import { useNotices } from '../contexts/notices';

/** The actions on a batch, one at a time; errors are shown in a notice. */
export function useBatchActions(batch: Batch) {
  const queries = useQueryClient();
  const notices = useNotices();
  const [busy, setBusy] = useState<string | null>(null);

  const act = async (what: string, how: () => Promise<unknown>) => {
    setBusy(what);
    try {
      await how();
    } catch (error) {
      notices.show({ text: messageOf(error) });
    } finally {
      setBusy(null);
    }
  };
  const lookAgain = () =>
    Promise.all([queries.invalidateQueries({ queryKey: batchKeys.all }), queries.invalidateQueries({ queryKey: contentKeys.lists })]);

  const turn = (action: BatchAction) =>
    void act(action, async () => {
      queries.setQueryData(batchKeys.detail(batch.id), await actOnBatch(batch.id, action));
      await lookAgain();
    });
  /** Retries a single row. */
  const again = (contentId: string) =>
    void act(contentId, async () => {
      await generateAgain(contentId);
      await lookAgain();
    });
  const download = (format: string) => void act('download', () => downloadBatch(batch.id, format));

  return { busy, turn, again, download };
}

export type BatchActionsOf = ReturnType<typeof useBatchActions>;
