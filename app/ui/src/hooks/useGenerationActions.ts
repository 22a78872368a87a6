import { useMutation, useQueryClient } from '@tanstack/react-query';

import { contentKeys, storeContent } from '../api/contentCache';
import { ApiError, isStatus, messageOf } from '../api/errors';
import { cancelGeneration, generateAgain, runNow, type AgainRequest } from '../api/generation';
import type { Content } from '../api/types';
import { useNotices } from '../contexts/notices';

type Action = 'stop' | 'write-now' | 'again';

/**
 * What a person can do about a content's generation. What the server answers is shown; what it refuses is told.
 * `saveNow` saves what is not saved yet, before another text takes its place.
 */
export function useGenerationActions(content: Content, saveNow: () => Promise<unknown>) {
  const queries = useQueryClient();
  const notices = useNotices();
  const { id } = content;

  const acting = useMutation({
    mutationFn: async ({ action, request }: { action: Action; request?: AgainRequest }) => {
      if (action === 'stop') return cancelGeneration(id);
      if (action === 'write-now') return runNow(id);
      await saveNow();
      return generateAgain(id, request);
    },
    onSuccess: (changed) => storeContent(queries, changed),
    onError: (error) => {
      // It has moved on meanwhile: what it is now says more than the refusal.
      if (isStatus(error, 409)) void queries.invalidateQueries({ queryKey: contentKeys.detail(id) });
      else notices.show({ text: wordsOf(error) });
    },
  });

  return {
    busy: acting.isPending ? acting.variables.action : null,
    stop: () => acting.mutate({ action: 'stop' }),
    writeNow: () => acting.mutate({ action: 'write-now' }),
    again: (request?: AgainRequest) => acting.mutate({ action: 'again', request }),
    /** As `again`, for a form that has to know how it went; what is still under way is called off first. */
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

function wordsOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'queue_full') {
    return 'Too many of your texts are waiting. Try again when one of them is done.';
  }
  return messageOf(error);
}
