import { useQuery } from '@tanstack/react-query';

import { contentKeys } from '../api/contentCache';
import { getVersion, listVersions, type VersionSource, type WholeVersion } from '../api/versions';
import type { Content } from '../api/types';

const LOOK_AGAIN_MS = 1_500;
const MOST_LOOKS = 8;

/**
 * The version saved by a generation that did not complete: `partial` if it was cancelled, `refused`
 * if its last text was rejected. null if there is none; a worker may need a moment to store it.
 */
export function useKeptText(content: Content, source: VersionSource, isEnabled: boolean): WholeVersion | null {
  const { id, jobId } = content;
  const { data } = useQuery({
    queryKey: [...contentKeys.detail(id), 'kept', source, jobId],
    queryFn: async ({ signal }) => {
      const { versions } = await listVersions(id, 1, signal);
      const kept = versions.find((version) => version.source === source && version.jobId === jobId);
      return kept ? getVersion(id, kept.number, signal) : null;
    },
    enabled: isEnabled && jobId !== null,
    retry: false,
    refetchInterval: ({ state }) => (state.data === null && state.dataUpdateCount < MOST_LOOKS ? LOOK_AGAIN_MS : false),
  });
  return data ?? null;
}
