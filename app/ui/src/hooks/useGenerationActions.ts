import { useMutation, useQueryClient } from '@tanstack/react-query';

import { contentKeys, storeContent } from '../api/contentCache';
import { isStatus } from '../api/errors';
import { cancelGeneration, generateAgain, runNow, type AgainRequest } from '../api/generation';
import type { Content } from '../api/types';
import { useNotices } from '../contexts/notices';
import { againRefused } from '../lib/againRefused';

type Action = 'stop' | 'write-now' | 'again';

/**
 * The actions on a content's generation. Responses update the cache; errors are shown in a notice.
 * `saveNow` saves unsaved changes before another text replaces them.
 */
export function useGenerationActions({ id }: Pick<Content, 'id'>, saveNow: () => Promise<unknown>) {
  const queries = useQueryClient();
  const notices = useNotices();

  const acting = useMutation({
    mutationFn: async ({ action, request }: { action: Action; request?: AgainRequest }) => {
      if (action === 'stop') return cancelGeneration(id);
      if (action === 'write-now') return runNow(id);
      await saveNow();
      return generateAgain(id, request);
    },
    onSuccess: (changed) => storeContent(queries, changed),
    onError: (error) => {
      // The state has changed in the meantime: show the new state instead of the error.
      if (isStatus(error, 409)) void queries.invalidateQueries({ queryKey: contentKeys.all });
      else notices.show({ text: againRefused(error) });
    },
  });

  return {
    busy: acting.isPending ? acting.variables.action : null,
    stop: () => acting.mutate({ action: 'stop' }),
    writeNow: () => acting.mutate({ action: 'write-now' }),
    again: (request?: AgainRequest) => acting.mutate({ action: 'again', request }),
    /** Like `again`, but rejects on errors, for forms; cancels an unfinished generation first. */
    replace: async (request: AgainRequest, isUnfinished: boolean): Promise<void> => {
      if (isUnfinished) await cancelGeneration(id).catch(ignoreFinished);
      else await saveNow();
      storeContent(queries, await generateAgain(id, request));
    },
  };
}

export type GenerationActions = ReturnType<typeof useGenerationActions>;

function ignoreFinished(error: unknown): void {
  if (!isStatus(error, 409)) throw error;
}
