import { request } from './client';
import { hasEndedSince, withLatestEvent } from './latestGenerationEvents';
import { download } from './files';
import type { ExportFormat } from '../lib/exportFormats';
import { ifMatch } from './versions';
import type { Content, ContentChanges, ContentFilters, ContentPage, ContentRequest, JobStatus, NewContent } from './types';

/** The default page size of the library. */
export const PAGE_SIZE = 25;

export async function listContents(filters: ContentFilters, signal?: AbortSignal): Promise<ContentPage> {
  const { page, cursor, trash, size, ...others } = filters;
  // The server accepts either a page number or a cursor.
  const place = cursor === null ? { page } : { cursor };
  const ask = () => request<ContentPage>({ path: '/content', query: { ...place, limit: size ?? PAGE_SIZE, ...others, trash: trash ? 'true' : null }, signal });
  let answer = await ask();
  if (answer.contents.some(hasEndedSince)) answer = await ask();
  return { ...answer, contents: answer.contents.map(withLatestEvent) };
}

export async function getContent(id: string, signal?: AbortSignal): Promise<Content> {
  const ask = () => request<Content>({ path: `/content/${encodeURIComponent(id)}`, signal });
  const answer = await ask();
  return withLatestEvent(hasEndedSince(answer) ? await ask() : answer);
}

/** Requests a text. Idempotent per `key`. */
export function generateContent(body: ContentRequest, key: string): Promise<Content> {
  return request<Content>({ method: 'POST', path: '/content/generate', body, headers: { 'Idempotency-Key': key } });
}

/** Stores a text written by hand. Idempotent per `key`. */
export function createContent(body: NewContent, key: string): Promise<Content> {
  return request<Content>({ method: 'POST', path: '/content', body, headers: { 'Idempotency-Key': key } });
}

/** Updates a content; with `revision`, only if it still has that revision (otherwise 412). */
export function updateContent(id: string, body: ContentChanges, revision?: number): Promise<Content> {
  return request<Content>({ method: 'PUT', path: `/content/${encodeURIComponent(id)}`, body, headers: ifMatch(revision) });
}

export function deleteContent(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: `/content/${encodeURIComponent(id)}` });
}

export function getJobStatus(jobId: string, signal?: AbortSignal): Promise<JobStatus> {
  return request<JobStatus>({ path: `/content/job/${encodeURIComponent(jobId)}/status`, signal });
}

/** Downloads the text in this format. */
export function exportContent(id: string, format: ExportFormat): Promise<void> {
  return download({ path: `/content/${encodeURIComponent(id)}/export`, query: { format } });
}
