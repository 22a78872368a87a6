import { useMutation, useQueryClient } from '@tanstack/react-query';

import { storeContent } from '../api/contentCache';
import { messageOf } from '../api/errors';
import type { Content } from '../api/types';
import { restoreVersion } from '../api/versions';
import { useEditing } from '../contexts/editing';
import { useNotices } from '../contexts/notices';

/** Restores a version. Unsaved changes are saved first, so they become a version too. */
export function useUseVersion(content: Content) {
  const queries = useQueryClient();
  const notices = useNotices();
  const { saveNow } = useEditing();
  return useMutation({
    mutationFn: async (number: number) => restoreVersion(content.id, number, (await saveNow()) ?? content.revision),
    onSuccess: (changed) => storeContent(queries, changed),
    onError: (error) => notices.show({ text: messageOf(error) }),
  });
}
