import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { contentKeys } from '../api/contentCache';
import { exportContent } from '../api/contents';
import { downloadTexts, MOST_EXPORTED } from '../api/library';
import { useNotices } from '../contexts/notices';
import type { BulkDeed, Change, Progress } from '../lib/bulkChanges';
import type { ExportFormat } from '../lib/exportFormats';
import { loadPart } from '../lib/loadPart';
import { useTurns } from './useTurns';

export interface Busy {
  action: BulkDeed | 'export';
  ids: readonly string[];
}

/**
 * Bulk actions on texts, one at a time, with a notice of the result and Undo where possible. An action started while another
 * is running is ignored, but Undo waits. `onGone` is called with the texts that have left the list.
 */
export function useBulkActions(onGone: (ids: readonly string[]) => void) {
  const queries = useQueryClient();
  const notices = useNotices();
  const { busy, alone, afterwards } = useTurns<Busy>();
  const [progress, setProgress] = useState<Progress | null>(null);

  const carryOut = async (what: Change): Promise<boolean> => {
    const { changeAll, outcomeOf, UNDO } = await loadPart(() => import('../lib/bulkChanges'));
    const { done, gone, undoable, problem } = await changeAll(what, setProgress);
    setProgress(null);
    onGone(gone);
    const back = UNDO[what.action];
    notices.show({
      text: outcomeOf(what, done.length, problem),
      action: back && undoable.length > 0 ? { label: 'Undo', run: () => void afterwards(() => change(undoable, back, what.tag)) } : undefined,
    });
    await Promise.all([queries.invalidateQueries({ queryKey: contentKeys.all }), queries.invalidateQueries({ queryKey: ['usage'] })]);
    return done.length === what.ids.length;
  };
  /** Resolves to whether every text was changed. */
  const change = (ids: readonly string[], action: BulkDeed, tag?: string) => alone({ action, ids }, () => carryOut({ ids, action, tag }));

  const takeAway = async (ids: readonly string[], format: ExportFormat): Promise<void> => {
    const [only] = ids;
    if (only === undefined) return;
    if (ids.length > MOST_EXPORTED) {
      notices.show({ text: `A download holds at most ${MOST_EXPORTED} texts, and ${ids.length.toLocaleString('en')} are selected. Select fewer, for example with the filters.` });
      return;
    }
    await alone({ action: 'export', ids }, () => (ids.length === 1 ? exportContent(only, format) : downloadTexts(ids, format)));
  };

  return { busy, progress, change, takeAway };
}

export type BulkActions = ReturnType<typeof useBulkActions>;
