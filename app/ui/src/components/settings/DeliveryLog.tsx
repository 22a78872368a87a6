import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { messageOf } from '../../api/errors';
import { webhookKeys } from '../../api/webhookKeys';
import { listDeliveries, redeliver, type Delivery, type DeliveryAttempt, type Webhook } from '../../api/webhooks';
import { useNow } from '../../hooks/useNow';
import { ageOf, exactTime } from '../../lib/age';
import { attemptWords, eventWords, STATUS_WORDS } from '../../lib/webhookWords';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Spinner } from '../Loader';
import { PageSteps } from '../PageSteps';

const LOOK_AGAIN_MS = 2_000;

/** The deliveries of a webhook in the last 30 days, newest first. Polled while one is pending. */
export function DeliveryLog({ webhook }: { webhook: Webhook }) {
  const [page, setPage] = useState(1);
  const log = useQuery({
    queryKey: webhookKeys.deliveryPage(webhook.id, page),
    queryFn: ({ signal }) => listDeliveries(webhook.id, page, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.deliveries.some(isOnItsWay) ? LOOK_AGAIN_MS : false),
  });
  return (
    <section aria-label="Deliveries" className="mt-5 border-t border-line pt-4">
      {log.isPending && (
        <p role="status" className="flex items-center gap-2 text-sm text-muted">
          <Spinner className="size-4" />
          <span>Loading deliveries</span>
        </p>
      )}
      {log.isError && <ErrorMessage onRetry={() => void log.refetch()}>{messageOf(log.error)}</ErrorMessage>}
      {log.data?.pagination.total === 0 && <p className="text-sm text-muted">Nothing was sent in the last 30 days.</p>}
      {log.data && (
        <>
          <ul className="divide-y divide-line">
            {log.data.deliveries.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} webhook={webhook} />
            ))}
          </ul>
          <PageSteps label={`Pages of the deliveries to ${webhook.url}`} pages={{ ...log.data.pagination, page }} onPage={setPage} />
        </>
      )}
    </section>
  );
}

/** Whether a delivery is being sent or is due, so that its state changes within seconds. */
function isOnItsWay({ status, nextAttemptAt }: Delivery): boolean {
  return status === 'pending' && (nextAttemptAt === null || Date.parse(nextAttemptAt) - Date.now() < 60_000);
}

function DeliveryRow({ delivery, webhook }: { delivery: Delivery; webhook: Webhook }) {
  const now = useNow(60_000);
  const queries = useQueryClient();
  const sending = useMutation({
    mutationFn: () => redeliver(webhook.id, delivery.id),
    onSettled: () => queries.invalidateQueries({ queryKey: webhookKeys.deliveries(webhook.id) }),
  });
  const { status, type, createdAt, nextAttemptAt, attempts } = delivery;
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-52 text-sm">
          <p className="font-semibold">{eventWords(type)}</p>
          <p className="text-muted">
            <span className={STATUS_LOOKS[status]}>{STATUS_WORDS[status]}</span>
            <span> · </span>
            <time dateTime={createdAt} title={exactTime(createdAt)}>
              {ageOf(createdAt, now)}
            </time>
            {nextAttemptAt && attempts.length > 0 && <span>{` · next attempt ${exactTime(nextAttemptAt)}`}</span>}
          </p>
        </div>
        {webhook.enabled && (
          <Button busy={sending.isPending} onClick={() => sending.mutate()}>
            Send again
          </Button>
        )}
      </div>
      {sending.isError && (
        <div className="mt-2">
          <ErrorMessage>{messageOf(sending.error)}</ErrorMessage>
        </div>
      )}
      {attempts.length > 0 && <Attempts attempts={attempts} messageId={delivery.messageId} />}
    </li>
  );
}

const STATUS_LOOKS: Record<Delivery['status'], string> = {
  pending: 'text-waiting',
  delivered: 'text-accent-strong',
  failed: 'text-danger',
};

function Attempts({ attempts, messageId }: { attempts: DeliveryAttempt[]; messageId: string }) {
  return (
    <details className="mt-2 text-sm">
      <summary className="cursor-pointer py-1 text-muted">{attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}</summary>
      <ol className="mt-2 space-y-2">
        {attempts.map((attempt) => (
          <li key={attempt.at}>
            <p>
              <time dateTime={attempt.at}>{exactTime(attempt.at)}</time>
              <span>{`: ${attemptWords(attempt)}`}</span>
            </p>
            {attempt.response !== '' && (
              <>
                {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <div role="region" aria-label="The answer" tabIndex={0} className="mt-1 max-h-40 overflow-auto rounded-lg bg-sunken p-2">
                  <pre dir="auto" className="text-xs break-all whitespace-pre-wrap">
                    {attempt.response}
                  </pre>
                </div>
              </>
            )}
          </li>
        ))}
      </ol>
      <p className="mt-2 text-xs break-all text-muted">
        <span>webhook-id: </span>
        <code>{messageId}</code>
      </p>
    </details>
  );
}
