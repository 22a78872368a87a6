import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { contentKeys, patchContent, storeContent } from '../api/contentCache';
import { getJobStatus } from '../api/contents';
import { isFinal } from '../api/generationStatus';
import type { Content, GenerationStatus } from '../api/types';
import { useLiveness } from '../contexts/live';
import { dueTime, pollingInterval } from '../lib/generationTime';

const ORDER: Record<GenerationStatus, number> = { pending: 0, processing: 1, completed: 2, failed: 2, cancelled: 2 };

/**
 * Polls the job's status every few seconds while live updates are off, and
 * occasionally when a text is overdue although they are on. Results update the cache.
 */
export function useJobStatus(content: Content): { isPolling: boolean } {
  const client = useQueryClient();
  const isLive = useLiveness() !== 'down';
  const { id, jobId, generationStatus } = content;
  const unfinished = jobId !== null && generationStatus !== null && !isFinal(generationStatus);

  const { data: job, dataUpdatedAt } = useQuery({
    queryKey: contentKeys.job(jobId ?? ''),
    queryFn: ({ signal }) => getJobStatus(jobId ?? '', signal),
    enabled: unfinished,
    // The content has just been loaded, so the first poll can wait for the interval.
    initialData: { jobId: jobId ?? '', status: generationStatus ?? 'pending' },
    staleTime: Infinity,
    refetchInterval: unfinished && pollingInterval(isLive, dueTime(content)),
    refetchIntervalInBackground: false,
    retry: false,
  });

  useEffect(() => {
    if (!unfinished || ORDER[job.status] < ORDER[generationStatus]) return;
    if (job.status === 'completed' && job.content) {
      storeContent(client, job.content);
    } else if (job.status !== generationStatus) {
      patchContent(client, id, { generationStatus: job.status, failureReason: job.failureReason ?? null });
      void client.invalidateQueries({ queryKey: contentKeys.detail(id) });
    } else if (job.status === 'processing' && !isLive) {
      // The number of the attempt is in the content, not in the job's status.
      void client.invalidateQueries({ queryKey: contentKeys.detail(id) });
    }
  }, [client, id, unfinished, generationStatus, isLive, job, dataUpdatedAt]);

  return { isPolling: unfinished && !isLive };
}
