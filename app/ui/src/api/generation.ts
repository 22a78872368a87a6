/** Requests for an existing content's generation: cancel it, start it now, or regenerate. */

import { newId } from '../lib/tabId';
import { request } from './client';
import type { Brief, Content } from './types';

/** Changes to the previous request; omitted fields stay unchanged. */
export interface AgainRequest {
  title?: string;
  prompt?: string;
  brief?: Brief | null;
  /** A one-time instruction in the user's own words; at most MAX_INSTRUCTION characters. */
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

/** Regenerates the text, immediately unless `runAt` is given. */
export function generateAgain(id: string, body: AgainRequest = {}): Promise<Content> {
  return request<Content>({
    method: 'POST',
    path: `/content/${encodeURIComponent(id)}/generate`,
    body: { runAt: 'now', ...body },
    headers: { 'Idempotency-Key': newId() },
  });
}
