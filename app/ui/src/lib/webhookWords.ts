/** User-facing texts about webhooks and their deliveries. */

import type { Delivery, DeliveryAttempt, Webhook, WebhookEvent } from '../api/webhooks';

export const EVENT_WORDS: Record<WebhookEvent, string> = {
  'content.generation.started': 'A text is begun',
  'content.generation.completed': 'A text is ready',
  'content.generation.failed': 'A text could not be written',
  'content.generation.cancelled': 'A text was stopped',
  'batch.finished': 'A batch is done',
};

/** The name of an event; an unknown one is returned unchanged. */
export function eventWords(type: string): string {
  return type === 'webhook.test' ? 'Test message' : ((EVENT_WORDS as Record<string, string | undefined>)[type] ?? type);
}

export const STATUS_WORDS: Record<Delivery['status'], string> = {
  pending: 'Not delivered yet',
  delivered: 'Delivered',
  failed: 'Not delivered',
};

/** The reason why a webhook is disabled. */
export function disabledWords({ disabledReason }: Webhook): string {
  switch (disabledReason) {
    case 'gone':
      return 'Turned off: your server answered 410 (gone).';
    case 'not_acknowledged':
      return 'Turned off: a message could not be delivered in three days of trying.';
    case null:
      return 'Turned off by you.';
  }
}

/** The result of an attempt: "Answered 500 after 84 ms". */
export function attemptWords({ statusCode, error, durationMs }: DeliveryAttempt): string {
  const how = statusCode === null ? (error ?? 'No answer') : `Answered ${statusCode}`;
  return `${how} after ${durationMs < 1_000 ? `${durationMs} ms` : `${(durationMs / 1_000).toFixed(1)} s`}`;
}
