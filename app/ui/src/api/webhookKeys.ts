/** What the answers about webhooks are kept under; apart from the requests, which the first page does not need. */

export const webhookKeys = {
  list: ['account', 'webhooks'] as const,
  deliveries: (id: string) => ['account', 'webhook-deliveries', id] as const,
  deliveryPage: (id: string, page: number) => ['account', 'webhook-deliveries', id, page] as const,
};
