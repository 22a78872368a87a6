/** Rewriting a passage of a content's text; the text itself changes only when a rewrite is accepted. */

import { request } from './client';
import { ifMatch } from './versions';
import type { Content } from './types';

export const REWRITE_ACTIONS = ['shorten', 'expand', 'simplify', 'tone', 'fix', 'translate', 'custom'] as const;
export type RewriteAction = (typeof REWRITE_ACTIONS)[number];

/** The requested change. The action tone requires `tone`, translate requires `language`, custom requires `instruction`. */
export interface RewriteWish {
  action: RewriteAction;
  tone?: string;
  /** A BCP 47 tag. */
  language?: string;
  /** In the user's own words; at most MAX_WISH characters. */
  instruction?: string;
}

export const MAX_WISH = 1_000;
export const MAX_TONE = 60;
/** The longest passage, in code points. */
export const MAX_PASSAGE = 20_000;

/** `start` and `end` count code points, and `quote` is the text between them. */
export interface RewriteRequest extends RewriteWish {
  start: number;
  end: number;
  quote: string;
}

export interface Rewrite {
  id: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  start: number;
  end: number;
  quote: string;
  action: RewriteAction;
  /** The text that replaces the quote when accepted; null until the rewrite is completed. */
  replacement: string | null;
  failureReason: string | null;
  accepted: boolean;
  createdAt: string;
}

/** Requests the rewrite of a passage. Idempotent per `key`. */
export function requestRewrite(contentId: string, body: RewriteRequest, key: string): Promise<Rewrite> {
  return request<Rewrite>({ method: 'POST', path: pathOf(contentId), body, headers: { 'Idempotency-Key': key } });
}

export function getRewrite(contentId: string, id: string): Promise<Rewrite> {
  return request<Rewrite>({ path: `${pathOf(contentId)}/${encodeURIComponent(id)}` });
}

/** Accepts a rewrite. `start` is the passage's current position in code points. Fails if the content has another revision. */
export function acceptRewrite(contentId: string, id: string, start: number, revision: number | undefined): Promise<Content> {
  return request<Content>({
    method: 'POST',
    path: `${pathOf(contentId)}/${encodeURIComponent(id)}/accept`,
    body: { start },
    headers: ifMatch(revision),
  });
}

function pathOf(contentId: string): string {
  return `/content/${encodeURIComponent(contentId)}/rewrites`;
}
