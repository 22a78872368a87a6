import { useQuery } from '@tanstack/react-query';

import { getLimits, usageKeys, type Limits } from '../api/usage';

const STALE_MS = 30_000;

/**
 * What is left of this person's limits, as the server enforces them; undefined until it is known, and where it cannot be had.
 * The frame around the pages asks for it; `ask: false` is for what only shows what is known.
 */
export function useLimits({ ask = true } = {}): Limits | undefined {
  const query = { queryKey: usageKeys.limits, queryFn: ({ signal }: { signal: AbortSignal }) => getLimits(signal) };
  return useQuery({ ...query, enabled: ask, staleTime: STALE_MS, retry: false }).data;
}
