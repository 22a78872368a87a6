/** Bulk requests, and the trash. */

import type { ExportFormat } from '../lib/exportFormats';
import { writingStateOf } from '../lib/writingState';
import { request } from './client';
import { download } from './files';
import type { Content, ContentFilters, ContentPage, ListedContent } from './types';

export type BulkAction = 'trash' | 'untrash' | 'purge' | 'tag' | 'untag';

export interface TagCount {
  tag: string;
  count: number;
}

interface BulkAnswer {
  done: string[];
}

/** The server accepts 500; smaller chunks allow progress to be shown. */
export const IDS_A_CALL = 250;
/** The server's limit of texts per zip. */
export const MOST_EXPORTED = 500;
/** The maximum selection; more would take minutes. */
export const MOST_SELECTED = 5_000;
/** The server's maximum page size, and of ids in a list request. */
const IDS_A_LIST = 100;

/** Applies an action to at most 500 texts individually; returns the ids of those that were changed. */
export async function changeMany(ids: readonly string[], action: BulkAction, tag?: string): Promise<string[]> {
  const body = tag === undefined ? { ids, action } : { ids, action, tag };
  const { done } = await request<BulkAnswer>({ method: 'POST', path: '/content/bulk', body });
  return done;
}

export async function listTags(signal?: AbortSignal): Promise<TagCount[]> {
  const { tags } = await request<{ tags: TagCount[] }>({ path: '/content/tags', signal });
  return tags;
}

interface FoundIds {
  ids: string[];
  isAll: boolean;
}

/** Returns the ids of all texts that match these filters, at most MOST_SELECTED. */
export async function listIds({ q, tag, batchId, sort, trash, contentType, status, generationStatus }: ContentFilters, signal: AbortSignal): Promise<FoundIds> {
  const query = { q, tag, batchId, sort, contentType, status, generationStatus, trash: trash ? 'true' : null, limit: IDS_A_LIST, fields: 'id' };
  const ids: string[] = [];
  let cursor: string | null | undefined = null;
  do {
    const { contents, pagination }: ContentPage = await request<ContentPage>({ path: '/content', query: { ...query, cursor }, signal });
    ids.push(...contents.map(({ id }) => id));
    cursor = pagination.nextCursor;
  } while (cursor && ids.length < MOST_SELECTED);
  return { ids: ids.slice(0, MOST_SELECTED), isAll: !cursor };
}

/** Returns a text from the trash, of which a long one is cut off; null if it is not there. */
export async function getTrashed(id: string, signal: AbortSignal): Promise<ListedContent | null> {
  const { contents } = await request<ContentPage>({ path: '/content', query: { trash: 'true', ids: id }, signal });
  return contents[0] ?? null;
}

/** Restores a text from the trash. */
export function untrash(id: string): Promise<Content> {
  return request<Content>({ method: 'POST', path: `/content/${encodeURIComponent(id)}/untrash` });
}

/** Returns which of these texts have the tag. */
export async function idsWithTag(ids: readonly string[], tag: string): Promise<Set<string>> {
  return new Set((await listAmong(ids, { tag, fields: 'id' })).map(({ id }) => id));
}

/** Returns which of these texts could not be written, and were not written by hand since. */
export async function failedIds(ids: readonly string[]): Promise<string[]> {
  const failed = await listAmong(ids, { generationStatus: 'failed', fields: 'generationStatus,generatedText' });
  return failed.filter((content) => writingStateOf(content) === 'failed').map(({ id }) => id);
}

/** Returns which of these texts match. The server takes a hundred ids in a request. */
async function listAmong(ids: readonly string[], query: Record<string, string>): Promise<Content[]> {
  const found: Content[] = [];
  for (const some of inPortions(ids, IDS_A_LIST)) {
    const { contents } = await request<ContentPage>({ path: '/content', query: { ...query, ids: some.join(','), limit: IDS_A_LIST } });
    found.push(...contents);
  }
  return found;
}

/** Downloads a zip of at most 500 texts. */
export function downloadTexts(ids: readonly string[], format: ExportFormat): Promise<void> {
  return download({ method: 'POST', path: '/content/export', body: { ids, format } });
}

export function inPortions(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, place) => ids.slice(place * size, (place + 1) * size));
}
