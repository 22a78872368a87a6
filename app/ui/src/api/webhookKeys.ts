/** Query keys of webhooks; separate from the requests, which the first page does not load. */

export const webhookKeys = {
  list: ['account', 'webhooks'] as const,
  deliveries: (id: string) => ['account', 'webhook-deliveries', id] as const,
  deliveryPage: (id: string, page: number) => ['account', 'webhook-deliveries', id, page] as const,
};
