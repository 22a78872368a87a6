/** What is done with many texts at once, and with the trash. */

import { request } from './client';

export type BulkAction = 'trash' | 'untrash' | 'purge' | 'tag' | 'untag';

export interface TagCount {
  tag: string;
  count: number;
}

interface BulkAnswer {
  done: string[];
}

/** Changes each of the texts on its own; returns the ids of those that were changed. */
export async function changeMany(ids: readonly string[], action: BulkAction, tag?: string): Promise<string[]> {
  const body = tag === undefined ? { ids, action } : { ids, action, tag };
  const { done } = await request<BulkAnswer>({ method: 'POST', path: '/content/bulk', body });
  return done;
}

export async function listTags(signal?: AbortSignal): Promise<TagCount[]> {
  const { tags } = await request<{ tags: TagCount[] }>({ path: '/content/tags', signal });
  return tags;
}
