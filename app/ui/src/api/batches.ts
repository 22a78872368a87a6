/** Batches: generation requests from the rows of a spreadsheet and a template. */

import type { Batch, BatchPage } from './batchKeys';
import { request } from './client';
import type { FieldError } from './errors';
import { download } from './files';
import type { GenerationStatus, Pagination } from './types';

export interface BatchItem {
  /** 1-based. */
  row: number;
  status: GenerationStatus;
  title: string | null;
  /** null until the content exists, and after it was deleted. */
  contentId: string | null;
  words: number | null;
  failureReason: string | null;
  failureCode?: string | null;
  /** The variables of the row; of a batch of whole requests, the fields of the request. */
  values: Record<string, unknown>;
}

export interface ItemPage {
  items: BatchItem[];
  pagination: Pagination;
}

/** The contents of a file. `numbers` are the row numbers below the header, counting blank rows. */
export interface ReadTable {
  encoding: string;
  delimiter: string;
  columns: string[];
  rows: string[][];
  numbers: number[];
  /** Rows with more cells than there are columns, as `rows.<number>`. */
  errors: FieldError[];
}

export interface BatchOrder {
  templateId: string;
  name?: string;
  items: Record<string, string>[];
}

export interface DryRun {
  rows: { row: number; ok: boolean; errors: FieldError[]; title: string | null }[];
  counts: { total: number; ok: number; bad: number };
}

export const ITEMS_A_PAGE = 50;
const BATCHES_A_PAGE = 20;
/** Timeout for uploading and parsing five megabytes on a slow connection. */
const LONG_MS = 120_000;

/** Parses a CSV file; the server detects options that are not given. */
export function readTable(file: Blob, encoding = '', delimiter = '', signal?: AbortSignal): Promise<ReadTable> {
  const body = new FormData();
  body.set('file', file, 'table.csv');
  if (encoding !== '') body.set('encoding', encoding);
  if (delimiter !== '') body.set('delimiter', delimiter);
  return request<ReadTable>({ method: 'POST', path: '/batches/table', body, signal, timeoutMs: LONG_MS });
}

/** Validates all rows without storing anything. */
export function checkBatch(order: BatchOrder, signal?: AbortSignal): Promise<DryRun> {
  return request<DryRun>({ method: 'POST', path: '/batches', body: { ...order, dryRun: true }, signal, timeoutMs: LONG_MS });
}

/** Creates the batch. Idempotent per `key`. */
export function startBatch(order: BatchOrder, key: string): Promise<Batch> {
  return request<Batch>({ method: 'POST', path: '/batches', body: order, headers: { 'Idempotency-Key': key }, timeoutMs: LONG_MS });
}

export function listBatches(page: number, signal?: AbortSignal): Promise<BatchPage> {
  return request<BatchPage>({ path: '/batches', query: { page, limit: BATCHES_A_PAGE }, signal });
}

export function getBatch(id: string, signal?: AbortSignal): Promise<Batch> {
  return request<Batch>({ path: pathOf(id), signal });
}

export function listItems(id: string, page: number, status: GenerationStatus | null, signal?: AbortSignal): Promise<ItemPage> {
  return request<ItemPage>({ path: `${pathOf(id)}/items`, query: { page, limit: ITEMS_A_PAGE, status }, signal });
}

export type BatchAction = 'pause' | 'resume' | 'cancel' | 'retry-failed';

export function actOnBatch(id: string, action: BatchAction): Promise<Batch> {
  return request<Batch>({ method: 'POST', path: `${pathOf(id)}/${action}` });
}

/** Deletes a batch that has ended; its texts stay. */
export function deleteBatch(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: pathOf(id) });
}

/** Downloads the results: a CSV with a line per row, or a zip of the texts. */
export function downloadBatch(id: string, format: string): Promise<void> {
  return download({ path: `${pathOf(id)}/export`, query: { format } });
}

function pathOf(id: string): string {
  return `/batches/${encodeURIComponent(id)}`;
}
