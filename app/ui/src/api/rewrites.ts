/** Rewriting a passage of a content's text; the text itself changes only when a rewrite is accepted. */

import { request } from './client';
import { ifMatch } from './versions';
import type { Content } from './types';

export const REWRITE_ACTIONS = ['shorten', 'expand', 'simplify', 'tone', 'fix', 'translate', 'custom'] as const;
export type RewriteAction = (typeof REWRITE_ACTIONS)[number];

/** How a passage is to change. `tone` is needed for the action tone, `language` for translate, `instruction` for custom. */
export interface RewriteWish {
  action: RewriteAction;
  tone?: string;
  /** A BCP 47 tag. */
  language?: string;
  /** In the person's own words; at most MAX_WISH characters. */
  instruction?: string;
}

export const MAX_WISH = 1_000;
export const MAX_TONE = 60;
/** The longest passage, in code points. */
export const MAX_PASSAGE = 20_000;

/** `start` and `end` count code points of the text, and `quote` is what stands between them. */
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
  /** What takes the place of the quote once it is accepted; null before it is there. */
  replacement: string | null;
  failureReason: string | null;
  accepted: boolean;
  createdAt: string;
}

/** Asks for a passage to be rewritten. The same `key` again asks for the same one, however often it is sent. */
export function requestRewrite(contentId: string, body: RewriteRequest, key: string): Promise<Rewrite> {
  return request<Rewrite>({ method: 'POST', path: pathOf(contentId), body, headers: { 'Idempotency-Key': key } });
}

export function getRewrite(contentId: string, id: string): Promise<Rewrite> {
  return request<Rewrite>({ path: `${pathOf(contentId)}/${encodeURIComponent(id)}` });
}

/** Puts the replacement in the passage's place, which is at code point `start` now; only while the content has this revision. */
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
