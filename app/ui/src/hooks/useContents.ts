import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { contentKeys } from '../api/contentCache';
import { listContents } from '../api/contents';
import { isFinal } from '../api/generationStatus';
import type { Content, ContentFilters } from '../api/types';
import { useLiveness } from '../contexts/live';
import { dueTime, pollingInterval } from '../lib/generationTime';

/** Fetches a page of contents; polls while one is unfinished, more often while live updates are off. */
export function useContents(filters: ContentFilters) {
  const isLive = useLiveness() !== 'down';
  return useQuery({
    queryKey: contentKeys.list(filters),
    queryFn: ({ signal }) => listContents(filters, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => nextQuestion(state.data?.contents ?? [], isLive),
  });
}

function nextQuestion(contents: Content[], isLive: boolean): number | false {
  const unfinished = contents.filter((content) => !isFinal(content.generationStatus));
  if (unfinished.length === 0) return false;
  return Math.min(...unfinished.map((content) => pollingInterval(isLive, dueTime(content))));
}
