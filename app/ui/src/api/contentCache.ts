/** The contents that were loaded: under which keys they are kept, and how a change reaches every copy. */

import { QueryClient } from '@tanstack/react-query';

import { hasEndedSince, withNews } from './contentNews';
import { isPassing } from './errors';
import type { Content, ContentFilters, ContentPage } from './types';

export const contentKeys = {
  all: ['contents'] as const,
  lists: ['contents', 'list'] as const,
  list: (filters: ContentFilters) => ['contents', 'list', filters] as const,
  tags: ['contents', 'tags'] as const,
  details: ['contents', 'detail'] as const,
  detail: (id: string) => ['contents', 'detail', id] as const,
  /** Apart from the contents: it has a rhythm of its own and is not asked for with them. */
  job: (jobId: string) => ['job', jobId] as const,
};

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && isPassing(error) },
      // Asked for without a network, they fail at once and say so: none may happen later, when nobody expects it any more.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/**
 * Puts a content that the server sent where it is shown. Lists are asked for again, since it may have entered or left one,
 * and so is what is left of the limits.
 */
export function storeContent(client: QueryClient, sent: Content): void {
  const content = withNews(sent);
  client.setQueryData(contentKeys.detail(content.id), content);
  patchContent(client, content.id, content);
  if (hasEndedSince(sent)) void client.invalidateQueries({ queryKey: contentKeys.detail(content.id) });
  void client.invalidateQueries({ queryKey: contentKeys.lists });
  void client.invalidateQueries({ queryKey: ['usage'] });
}

/** Changes some fields of a content in every copy that is loaded. `unless` keeps old news from overwriting newer. */
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

/** Asks again for everything that is on the screen, because something may have been missed. */
export function refetchAll(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: contentKeys.all });
}
