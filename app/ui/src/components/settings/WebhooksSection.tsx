import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { messageOf } from '../../api/errors';
import { webhookKeys } from '../../api/webhookKeys';
import { listWebhooks, type WebhookWithSecret } from '../../api/webhooks';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { PlusIcon } from '../icons';
import { Loader } from '../Loader';
import { SecretOnce } from './SecretOnce';
import { SectionFrame } from './SectionFrame';
import { WebhookCard } from './WebhookCard';
import { WebhookForm } from './WebhookForm';

/** Webhooks: add, show the secret once, test, change and delete. */
export default function WebhooksSection() {
  const webhooks = useQuery({ queryKey: webhookKeys.list, queryFn: ({ signal }) => listWebhooks(signal) });
  const [isAdding, setAdding] = useState(false);
  const [secretOf, setSecretOf] = useState<WebhookWithSecret | null>(null);

  return (
    <SectionFrame title="Webhooks" lead="We send your server a signed message when a text or a batch is done.">
      <div className="space-y-5">
        {secretOf && (
          <SecretOnce
            key={secretOf.secret}
            label={`The secret that signs messages to ${secretOf.url}`}
            secret={secretOf.secret}
            onDone={() => setSecretOf(null)}
          />
        )}
        {isAdding ? (
          <WebhookForm
            onSaved={(webhook) => {
              setAdding(false);
              setSecretOf(webhook);
            }}
            onCancel={() => setAdding(false)}
          />
        ) : (
          <Button look="primary" icon={<PlusIcon className="size-4" />} onClick={() => setAdding(true)}>
            Add webhook
          </Button>
        )}
        {webhooks.isPending && <Loader label="Loading your webhooks" />}
        {webhooks.isError && <ErrorMessage onRetry={() => void webhooks.refetch()}>{messageOf(webhooks.error)}</ErrorMessage>}
        {webhooks.data?.length === 0 && !isAdding && <p className="text-muted">You have no webhooks yet.</p>}
        {webhooks.data && (
          <ul className="space-y-4">
            {webhooks.data.map((webhook) => (
              <WebhookCard key={webhook.id} webhook={webhook} onSecret={setSecretOf} />
            ))}
          </ul>
        )}
      </div>
    </SectionFrame>
  );
}
