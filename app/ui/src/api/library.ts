/** What is done with many texts at once, and with the trash. */

import type { ExportFormat } from '../lib/exportFormats';
import { request } from './client';
import { download } from './files';
import type { ContentFilters, ContentPage } from './types';

export type BulkAction = 'trash' | 'untrash' | 'purge' | 'tag' | 'untag';

export interface TagCount {
  tag: string;
  count: number;
}

interface BulkAnswer {
  done: string[];
}

/** The server takes 500; fewer at a time, so that one sees how it gets on. */
export const IDS_A_CALL = 250;
/** As many texts as the server puts into one zip. */
export const MOST_EXPORTED = 500;
/** As many as can be selected: more would take minutes. */
export const MOST_SELECTED = 5_000;
/** As many as a page of a list can have, and as many ids as a list can be asked for. */
const IDS_A_LIST = 100;

/** Changes each of at most 500 texts on its own; returns the ids of those that were changed. */
export async function changeMany(ids: readonly string[], action: BulkAction, tag?: string): Promise<string[]> {
  const body = tag === undefined ? { ids, action } : { ids, action, tag };
  const { done } = await request<BulkAnswer>({ method: 'POST', path: '/content/bulk', body });
  return done;
}

export async function listTags(signal?: AbortSignal): Promise<TagCount[]> {
  const { tags } = await request<{ tags: TagCount[] }>({ path: '/content/tags', signal });
  return tags;
}

/** The ids of all texts that a list with these filters has, on whichever page; MOST_SELECTED of them, if there are more. */
export async function listIds({ q, tag, sort, trash, contentType, status, generationStatus }: ContentFilters): Promise<{ ids: string[]; isAll: boolean }> {
  const query = { q, tag, sort, contentType, status, generationStatus, trash: trash ? 'true' : null, limit: IDS_A_LIST, fields: 'id' };
  const ids: string[] = [];
  let cursor: string | null | undefined = null;
  do {
    const { contents, pagination }: ContentPage = await request<ContentPage>({ path: '/content', query: { ...query, cursor } });
    ids.push(...contents.map(({ id }) => id));
    cursor = pagination.nextCursor;
  } while (cursor && ids.length < MOST_SELECTED);
  return { ids: ids.slice(0, MOST_SELECTED), isAll: !cursor };
}

/** Which of these texts have the tag. */
export async function idsWithTag(ids: readonly string[], tag: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const some of inPortions(ids, IDS_A_LIST)) {
    const { contents } = await request<ContentPage>({ path: '/content', query: { ids: some.join(','), tag, limit: IDS_A_LIST, fields: 'id' } });
    contents.forEach(({ id }) => found.add(id));
  }
  return found;
}

/** Has the browser save a zip of at most 500 texts. */
export function downloadTexts(ids: readonly string[], format: ExportFormat): Promise<void> {
  return download({ method: 'POST', path: '/content/export', body: { ids, format } });
}

export function inPortions(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, place) => ids.slice(place * size, (place + 1) * size));
}
