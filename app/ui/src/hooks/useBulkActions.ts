import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { contentKeys } from '../api/contentCache';
import { messageOf } from '../api/errors';
import { changeMany, type BulkAction } from '../api/library';
import { useNotices } from '../contexts/notices';

const UNDO: Partial<Record<BulkAction, BulkAction>> = { trash: 'untrash', untrash: 'trash', tag: 'untag', untag: 'tag' };

const SAID: Record<BulkAction, (texts: string, tag: string) => string> = {
  trash: (texts) => `${texts} moved to the trash.`,
  untrash: (texts) => `${texts} restored.`,
  purge: (texts) => `${texts} deleted for good.`,
  tag: (texts, tag) => `${texts} tagged “${tag}”.`,
  untag: (texts, tag) => `“${tag}” taken off ${texts}.`,
};

/** Changes texts in the library, says what was done, and offers the way back where there is one. */
export function useBulkActions() {
  const queries = useQueryClient();
  const notices = useNotices();
  const [busy, setBusy] = useState<BulkAction | null>(null);

  const change = async (ids: readonly string[], action: BulkAction, tag?: string): Promise<boolean> => {
    setBusy(action);
    try {
      const done = await changeMany(ids, action, tag);
      const back = UNDO[action];
      notices.show({
        text: SAID[action](done.length === 1 ? '1 text' : `${done.length} texts`, tag ?? ''),
        action: back && done.length > 0 ? { label: 'Undo', run: () => void change(done, back, tag) } : undefined,
      });
      return true;
    } catch (error) {
      notices.show({ text: messageOf(error) });
      return false;
    } finally {
      setBusy(null);
      await queries.invalidateQueries({ queryKey: contentKeys.all });
    }
  };

  return { busy, change };
}
