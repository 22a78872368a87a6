/** What people do with the generation of a content that is there: stop it, hurry it, or have it written anew. */

import { newId } from '../lib/tabId';
import { request } from './client';
import type { Brief, Content } from './types';

/** What may be different from the request before; everything left out stays as it is. */
export interface AgainRequest {
  title?: string;
  prompt?: string;
  brief?: Brief | null;
  /** What should be different this once, in the person's own words; at most MAX_INSTRUCTION characters. */
  instruction?: string;
  runAt?: string;
}

export const MAX_INSTRUCTION = 2_000;

export function cancelGeneration(id: string): Promise<Content> {
  return request<Content>({ method: 'POST', path: `/content/${encodeURIComponent(id)}/cancel` });
}

export function runNow(id: string): Promise<Content> {
  return request<Content>({ method: 'POST', path: `/content/${encodeURIComponent(id)}/run-now` });
}

/** Has the text written anew in its place, at once unless `runAt` says otherwise. */
export function generateAgain(id: string, body: AgainRequest = {}): Promise<Content> {
  return request<Content>({
    method: 'POST',
    path: `/content/${encodeURIComponent(id)}/generate`,
    body: { runAt: 'now', ...body },
    headers: { 'Idempotency-Key': newId() },
  });
}
