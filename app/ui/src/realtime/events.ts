/** The server's socket events, and the cache updates for each. */

import type { QueryClient } from '@tanstack/react-query';

import { batchKeys, type Batch, type BatchCounts, type BatchPage } from '../api/batchKeys';
import { contentKeys, patchContent } from '../api/contentCache';
import { recordGenerationEvent } from '../api/latestGenerationEvents';
import { isFinal } from '../api/generationStatus';
import type { Content } from '../api/types';
import { serverNow } from '../lib/serverClock';
import { tellOfRewrite } from './rewriteNews';
import { clearRetryNote, setRetryNote } from './retryNotes';

export const EVENT_NAMES = [
  'content:generation:started',
  'content:generation:retrying',
  'content:generation:completed',
  'content:generation:failed',
  'content:generation:cancelled',
  'content:changed',
  'content:rewrite:completed',
  'content:rewrite:failed',
  'batch:progress',
  'batch:finished',
] as const;

/** The server has disabled one of the user's webhooks. */
export const WEBHOOK_DISABLED = 'webhook:disabled';
export const EVENTS_HEARD = [...EVENT_NAMES, WEBHOOK_DISABLED] as const;

export type ContentEventName = (typeof EVENT_NAMES)[number];
export type EventName = (typeof EVENTS_HEARD)[number];

interface EventPayload {
  contentId: string;
  /** Only for a row of a batch. */
  batchId?: string;
  jobId?: string;
  revision?: number;
  rewriteId?: string;
  title?: string;
  generatedText?: string;
  failureReason?: string;
  attempt?: number;
  maxAttempts?: number;
  retryInMs?: number;
  reason?: string;
  timestamp?: string;
}

/** A generation that has just ended; used for notices. */
export interface Ending {
  contentId: string;
  title: string | null;
  succeeded: boolean;
  /** Its batch, if any: the end of a batch has one notice for all rows. */
  batchId: string | null;
}

/** A batch whose rows have all ended. */
export interface BatchEnding {
  batchId: string;
  counts: BatchCounts;
}

/** Applies an event to the cache; returns the ending if it is one. Ignores malformed payloads. */
export function applyEvent(client: QueryClient, name: ContentEventName, payload: unknown): Ending | BatchEnding | null {
  if (name === 'batch:progress' || name === 'batch:finished') return applyCounts(client, name, payload);
  if (!isPayload(payload)) return null;
  switch (name) {
    case 'content:generation:started':
      patchUnfinished(client, payload, { generationStatus: 'processing', attempt: 1 });
      return null;
    case 'content:generation:retrying':
      noteRetry(payload);
      patchUnfinished(client, payload, { generationStatus: 'processing' });
      return null;
    case 'content:generation:cancelled':
      applyEnding(client, payload, { generationStatus: 'cancelled' });
      return null;
    case 'content:changed':
      applyChange(client, payload);
      return null;
    case 'content:rewrite:completed':
    case 'content:rewrite:failed':
      if (payload.rewriteId !== undefined) tellOfRewrite(payload.rewriteId);
      return null;
    case 'content:generation:completed':
      return applyEnding(client, payload, {
        generationStatus: 'completed',
        failureReason: null,
        ...(payload.generatedText === undefined ? {} : { generatedText: payload.generatedText }),
      });
    case 'content:generation:failed':
      return applyEnding(client, payload, {
        generationStatus: 'failed',
        failureReason: payload.failureReason ?? null,
      });
  }
}

function applyEnding(client: QueryClient, payload: EventPayload, changes: Partial<Content>): Ending {
  clearRetryNote(payload.contentId);
  patchUnfinished(client, payload, changes);
  void client.invalidateQueries({ queryKey: contentKeys.detail(payload.contentId) });
  void client.invalidateQueries({ queryKey: contentKeys.lists });
  const known = client.getQueryData<Content>(contentKeys.detail(payload.contentId));
  return {
    contentId: payload.contentId,
    title: payload.title ?? known?.title ?? null,
    succeeded: changes.generationStatus === 'completed',
    batchId: payload.batchId ?? null,
  };
}

/** The counts of a batch, which its page and the list of batches show. */
function applyCounts(client: QueryClient, name: 'batch:progress' | 'batch:finished', payload: unknown): BatchEnding | null {
  const { batchId, counts } = (payload ?? {}) as Partial<BatchEnding>;
  if (typeof batchId !== 'string' || typeof counts !== 'object') return null;
  const changed = (batch: Batch) => (batch.id === batchId ? { ...batch, counts } : batch);
  client.setQueryData<Batch>(batchKeys.detail(batchId), (batch) => batch && changed(batch));
  client.setQueriesData<BatchPage>({ queryKey: batchKeys.lists }, (page) => page && { ...page, batches: page.batches.map(changed) });
  void client.invalidateQueries({ queryKey: batchKeys.items(batchId) });
  if (name === 'batch:progress') return null;
  void client.invalidateQueries({ queryKey: batchKeys.detail(batchId) });
  void client.invalidateQueries({ queryKey: batchKeys.lists });
  return { batchId, counts };
}

/** Somebody edited it elsewhere: it is asked for again, unless what is shown is as new. */
function applyChange(client: QueryClient, { contentId, revision }: EventPayload): void {
  const known = client.getQueryData<Content>(contentKeys.detail(contentId))?.revision;
  if (known !== undefined && revision !== undefined && known >= revision) return;
  void client.invalidateQueries({ queryKey: contentKeys.detail(contentId) });
  void client.invalidateQueries({ queryKey: contentKeys.lists });
}

/**
 * An event can arrive after the answer to a later request: a generation that has ended stays ended, and news of another
 * generation of the same content change nothing. Whoever has not heard of that one asks for the content again.
 */
function patchUnfinished(client: QueryClient, { contentId, jobId, timestamp }: EventPayload, changes: Partial<Content>): void {
  const at = Date.parse(timestamp ?? '');
  if (jobId !== undefined && !Number.isNaN(at)) recordGenerationEvent(contentId, { jobId, at, progress: isFinal(changes.generationStatus ?? null) ? 'ended' : changes });
  const isAnothers = (content: Content) => jobId !== undefined && content.jobId !== jobId;
  patchContent(client, contentId, changes, (content) => isFinal(content.generationStatus) || isAnothers(content));
  const shown = client.getQueryData<Content>(contentKeys.detail(contentId));
  if (shown && isAnothers(shown)) void client.invalidateQueries({ queryKey: contentKeys.detail(contentId) });
}

function noteRetry({ contentId, attempt, maxAttempts, retryInMs, reason }: EventPayload): void {
  setRetryNote(contentId, {
    attempt: attempt ?? null,
    maxAttempts: maxAttempts ?? null,
    reason: reason ?? null,
    retryAt: serverNow() + (retryInMs ?? 0),
  });
}

function isPayload(payload: unknown): payload is EventPayload {
  return typeof payload === 'object' && payload !== null && typeof (payload as EventPayload).contentId === 'string';
}
