/** The versions of a content's text. */

import { request } from './client';
import type { Content, Pagination } from './types';

export type VersionSource = 'generated' | 'edited' | 'rewritten' | 'restored' | 'partial' | 'refused';

export interface VersionUsage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  thinkingTokens: number;
  cost: { amount: number; currency: string } | null;
}

export interface Version {
  number: number;
  source: VersionSource;
  title: string;
  words: number;
  excerpt: string;
  /** null for a text written by hand. */
  model: string | null;
  usage: VersionUsage | null;
  jobId: string | null;
  createdAt: string;
}

export interface WholeVersion extends Version {
  text: string;
}

export interface VersionPage {
  versions: Version[];
  pagination: Pagination;
}

/** A segment of a diff: equal and delete form the older text, equal and insert the newer one. */
export interface Change {
  op: 'equal' | 'insert' | 'delete';
  text: string;
}

export const VERSIONS_A_PAGE = 20;

export function listVersions(id: string, page: number, signal?: AbortSignal): Promise<VersionPage> {
  return request<VersionPage>({ path: pathOf(id), query: { page, limit: VERSIONS_A_PAGE }, signal });
}

export function getVersion(id: string, number: number, signal?: AbortSignal): Promise<WholeVersion> {
  return request<WholeVersion>({ path: `${pathOf(id)}/${number}`, signal });
}

/** Saves the current text as a version, unless it already is one. */
export function saveVersion(id: string): Promise<Version> {
  return request<Version>({ method: 'POST', path: pathOf(id) });
}

export async function getDiff(id: string, from: number, to: number, signal?: AbortSignal): Promise<Change[]> {
  const { changes } = await request<{ changes: Change[] }>({ path: `${pathOf(id)}/${from}/diff/${to}`, signal });
  return changes;
}

/** Restores the text of a version. Fails if the content has another revision. */
export function restoreVersion(id: string, number: number, revision: number | undefined): Promise<Content> {
  return request<Content>({ method: 'POST', path: `${pathOf(id)}/${number}/restore`, headers: ifMatch(revision) });
}

export function ifMatch(revision: number | undefined): Record<string, string> {
  return revision === undefined ? {} : { 'If-Match': `"${revision}"` };
}

function pathOf(id: string): string {
  return `/content/${encodeURIComponent(id)}/versions`;
}
