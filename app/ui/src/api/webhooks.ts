/** Webhooks and their delivery log. */

import { request } from './client';
import type { Pagination } from './types';

export const WEBHOOK_EVENTS = [
  'content.generation.started',
  'content.generation.completed',
  'content.generation.failed',
  'content.generation.cancelled',
  'batch.finished',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface NewWebhook {
  url: string;
  events: WebhookEvent[];
  description: string | null;
}

export interface Webhook extends NewWebhook {
  id: string;
  enabled: boolean;
  disabledAt: string | null;
  /** Why the server disabled it; null if its owner did. */
  disabledReason: 'gone' | 'not_acknowledged' | null;
  oldSecretUntil: string | null;
  createdAt: string;
}

/** A webhook with a new secret; only these responses contain it. */
export type WebhookWithSecret = Webhook & { secret: string };

export interface DeliveryAttempt {
  at: string;
  statusCode: number | null;
  /** The first kilobyte of the response. */
  response: string;
  error: string | null;
  durationMs: number;
}

export interface Delivery {
  id: string;
  messageId: string;
  type: string;
  status: 'pending' | 'delivered' | 'failed';
  attempts: DeliveryAttempt[];
  nextAttemptAt: string | null;
  createdAt: string;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  pagination: Pagination;
}

const DELIVERIES_SHOWN = 10;

export async function listWebhooks(signal?: AbortSignal): Promise<Webhook[]> {
  return (await request<{ webhooks: Webhook[] }>({ path: '/webhooks', signal })).webhooks;
}

export function createWebhook(webhook: NewWebhook): Promise<WebhookWithSecret> {
  return request<WebhookWithSecret>({ method: 'POST', path: '/webhooks', body: webhook });
}

export function changeWebhook(id: string, changes: Partial<NewWebhook> & { enabled?: boolean }): Promise<Webhook> {
  return request<Webhook>({ method: 'PUT', path: pathOf(id), body: changes });
}

export function deleteWebhook(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: pathOf(id) });
}

export function rotateSecret(id: string): Promise<WebhookWithSecret> {
  return request<WebhookWithSecret>({ method: 'POST', path: `${pathOf(id)}/rotate` });
}

export function sendTest(id: string): Promise<Delivery> {
  return request<Delivery>({ method: 'POST', path: `${pathOf(id)}/test` });
}

export function listDeliveries(id: string, page: number, signal?: AbortSignal): Promise<DeliveryPage> {
  return request<DeliveryPage>({ path: `${pathOf(id)}/deliveries?page=${page}&limit=${DELIVERIES_SHOWN}`, signal });
}

export function redeliver(id: string, deliveryId: string): Promise<Delivery> {
  return request<Delivery>({ method: 'POST', path: `${pathOf(id)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver` });
}

function pathOf(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
}
