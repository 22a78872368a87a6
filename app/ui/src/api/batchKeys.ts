/** Query keys of batches, and the cache updates for their events; separate from the requests, which only their pages load. */

import type { GenerationStatus, Pagination } from './types';

export interface BatchCounts {
  total: number;
  pending: number;
  processing: number;
  completed: number;
  failed: number;
  cancelled: number;
}

export type BatchState = 'running' | 'paused' | 'cancelled' | 'finished';

export interface Batch {
  id: string;
  name: string;
  templateId: string | null;
  state: BatchState;
  counts: BatchCounts;
  createdAt: string;
  finishedAt: string | null;
}

export interface BatchPage {
  batches: Batch[];
  pagination: Pagination;
}

export const batchKeys = {
  all: ['batches'] as const,
  lists: ['batches', 'list'] as const,
  list: (page: number) => ['batches', 'list', page] as const,
  detail: (id: string) => ['batches', 'detail', id] as const,
  items: (id: string) => ['batches', 'items', id] as const,
  itemPage: (id: string, page: number, status: GenerationStatus | null) => ['batches', 'items', id, page, status] as const,
};
