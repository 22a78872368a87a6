/** The cache of loaded contents: query keys, and updates of all cached copies. */

import { QueryClient } from '@tanstack/react-query';

import { hasEndedSince, withLatestEvent } from './latestGenerationEvents';
import { isPassing } from './errors';
import type { Content, ContentFilters, ContentPage } from './types';

export const contentKeys = {
  all: ['contents'] as const,
  lists: ['contents', 'list'] as const,
  list: (filters: ContentFilters) => ['contents', 'list', filters] as const,
  tags: ['contents', 'tags'] as const,
  details: ['contents', 'detail'] as const,
  detail: (id: string) => ['contents', 'detail', id] as const,
  trashed: (id: string) => ['contents', 'trashed', id] as const,
  /** The actions on a text that are under way. */
  deeds: (id: string) => ['contents', 'deeds', id] as const,
  /** Separate from the contents, because it is polled at its own interval. */
  job: (jobId: string) => ['job', jobId] as const,
};

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && isPassing(error) },
      // Without a network, mutations fail immediately instead of being queued and executed unexpectedly later.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/**
 * Stores a content from the server in the cache. Lists are refetched, since it may have entered or left one,
 * and so are the remaining quotas.
 */
export function storeContent(client: QueryClient, sent: Content): void {
  const content = withLatestEvent(sent);
  client.setQueryData(contentKeys.detail(content.id), content);
  patchContent(client, content.id, content);
  if (hasEndedSince(sent)) void client.invalidateQueries({ queryKey: contentKeys.detail(content.id) });
  void client.invalidateQueries({ queryKey: contentKeys.lists });
  void client.invalidateQueries({ queryKey: ['usage'] });
}

/** Updates fields of a content in all cached copies. `unless` prevents older data from overwriting newer. */
export function patchContent(
  client: QueryClient,
  id: string,
  changes: Partial<Content>,
  unless: (content: Content) => boolean = () => false,
): void {
  const changed = (content: Content) => (content.id === id && !unless(content) ? { ...content, ...changes } : content);
  client.setQueryData<Content>(contentKeys.detail(id), (content) => content && changed(content));
  client.setQueriesData<ContentPage>({ queryKey: contentKeys.lists }, (page) =>
    page && { ...page, contents: page.contents.map(changed) },
  );
}

export function forgetContent(client: QueryClient, id: string): void {
  client.removeQueries({ queryKey: contentKeys.detail(id) });
  void client.invalidateQueries({ queryKey: contentKeys.lists });
}

/** Refetches everything on the screen, because events may have been missed. */
export function refetchAll(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: contentKeys.all });
}
