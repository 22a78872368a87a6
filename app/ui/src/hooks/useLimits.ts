import { useQuery } from '@tanstack/react-query';

import { getLimits, usageKeys, type Limits } from '../api/usage';

const STALE_MS = 30_000;

/**
 * The user's limits and remaining quotas as the server enforces them; undefined until loaded, or if they cannot be loaded.
 * The layout fetches them; `ask: false` only reads the cache.
 */
export function useLimits({ ask = true } = {}): Limits | undefined {
  const query = { queryKey: usageKeys.limits, queryFn: ({ signal }: { signal: AbortSignal }) => getLimits(signal) };
  return useQuery({ ...query, enabled: ask, staleTime: STALE_MS, retry: false }).data;
}
