import { useState } from 'react';

import type { Webhook, WebhookWithSecret } from '../../api/webhooks';
import { exactTime } from '../../lib/age';
import { disabledWords } from '../../lib/webhookWords';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { ErrorMessage } from '../ErrorMessage';
import { WarningIcon } from '../icons';
import { DeliveryLog } from './DeliveryLog';
import { useWebhookActions, type WebhookActions } from './useWebhookActions';
import { WebhookForm } from './WebhookForm';

interface WebhookCardProps {
  webhook: Webhook;
  onSecret: (webhook: WebhookWithSecret) => void;
}

/** A webhook with its actions and its delivery log. */
export function WebhookCard({ webhook, onSecret }: WebhookCardProps) {
  const [isEditing, setEditing] = useState(false);
  const [showsLog, setShowsLog] = useState(false);
  const actions = useWebhookActions(webhook, { onSecret, onTested: () => setShowsLog(true) });
  if (isEditing) {
    return (
      <li>
        <WebhookForm webhook={webhook} onSaved={() => setEditing(false)} onCancel={() => setEditing(false)} />
      </li>
    );
  }
  const logId = `deliveries-${webhook.id}`;
  return (
    <li className="card p-5">
      <Facts webhook={webhook} />
      {!webhook.enabled && <Disabled webhook={webhook} actions={actions} />}
      {actions.problem && (
        <div className="mt-4">
          <ErrorMessage>{actions.problem}</ErrorMessage>
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {webhook.enabled && (
          <Button busy={actions.testing} onClick={actions.test}>
            Send test
          </Button>
        )}
        <Button aria-expanded={showsLog} aria-controls={logId} onClick={() => setShowsLog(!showsLog)}>
          Deliveries
        </Button>
        <Button onClick={() => setEditing(true)}>Change</Button>
        <Button onClick={() => actions.ask('rotate')}>New secret</Button>
        <Button look="danger" onClick={() => actions.ask('delete')}>
          Delete
        </Button>
      </div>
      <div id={logId}>{showsLog && <DeliveryLog webhook={webhook} />}</div>
      <Question webhook={webhook} actions={actions} />
    </li>
  );
}

function Facts({ webhook: { url, description, events, oldSecretUntil } }: { webhook: Webhook }) {
  return (
    <>
      <h2 dir="ltr" className="font-semibold text-wrap break-all">
        {url}
      </h2>
      {description && (
        <p dir="auto" className="mt-0.5 break-words text-muted">
          {description}
        </p>
      )}
      <p className="mt-2 flex flex-wrap gap-1.5">
        {events.map((event) => (
          <code key={event} className="rounded-md bg-sunken px-1.5 py-0.5 text-xs break-all">
            {event}
          </code>
        ))}
      </p>
      {oldSecretUntil && (
        <p className="mt-2 text-sm text-muted">{`Messages are signed with the old secret, too, until ${exactTime(oldSecretUntil)}.`}</p>
      )}
    </>
  );
}

function Disabled({ webhook, actions }: { webhook: Webhook; actions: WebhookActions }) {
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl bg-waiting-soft px-4 py-3 text-sm text-waiting">
      <WarningIcon />
      <p className="min-w-0 flex-1 basis-48">
        <span>{disabledWords(webhook)}</span>
        {webhook.disabledAt && <span>{` ${exactTime(webhook.disabledAt)}.`}</span>}
      </p>
      <Button busy={actions.enabling} onClick={actions.enable}>
        Turn on again
      </Button>
    </div>
  );
}

/** The confirmations for replacing a secret and deleting a webhook. */
function Question({ webhook, actions }: { webhook: Webhook; actions: WebhookActions }) {
  if (actions.asked === null) return null;
  const rotates = actions.asked === 'rotate';
  return (
    <ConfirmDialog
      title={rotates ? 'Make a new secret?' : 'Delete this webhook?'}
      confirm={rotates ? 'Make a new secret' : 'Delete'}
      busy={actions.carryingOut}
      error={actions.refusal}
      onConfirm={actions.carryOut}
      onCancel={() => actions.ask(null)}
    >
      <p>
        {rotates ? (
          'Messages are signed with both secrets for 24 hours, so your server can change to the new one.'
        ) : (
          <>
            <bdi dir="ltr" className="break-all">
              {webhook.url}
            </bdi>
            <span> gets no more messages, and the log of its deliveries is deleted.</span>
          </>
        )}
      </p>
    </ConfirmDialog>
  );
}
