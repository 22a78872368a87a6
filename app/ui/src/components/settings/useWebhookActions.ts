import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { isStatus, messageOf } from '../../api/errors';
import { webhookKeys } from '../../api/webhookKeys';
import { changeWebhook, deleteWebhook, rotateSecret, sendTest, type Webhook, type WebhookWithSecret } from '../../api/webhooks';
import { useNotices } from '../../contexts/notices';

export interface WebhookActions {
  test: () => void;
  testing: boolean;
  enable: () => void;
  enabling: boolean;
  /** The error of the last action. */
  problem: string | null;
  /** The action that awaits confirmation. */
  asked: Question | null;
  ask: (question: Question | null) => void;
  carryOut: () => void;
  carryingOut: boolean;
  refusal: string | null;
}

type Question = 'rotate' | 'delete';

interface Outcomes {
  onSecret: (webhook: WebhookWithSecret) => void;
  onTested: () => void;
}

/** The actions on a webhook, except for changes. */
export function useWebhookActions({ id, url }: Webhook, { onSecret, onTested }: Outcomes): WebhookActions {
  const queries = useQueryClient();
  const notices = useNotices();
  const [asked, ask] = useState<Question | null>(null);
  const onSettled = () => Promise.all([queries.invalidateQueries({ queryKey: webhookKeys.list }), queries.invalidateQueries({ queryKey: webhookKeys.deliveries(id) })]);
  const testing = useMutation({ mutationFn: () => sendTest(id), onSuccess: onTested, onSettled });
  const enabling = useMutation({ mutationFn: () => changeWebhook(id, { enabled: true }), onSettled });
  const rotating = useMutation({
    mutationFn: () => rotateSecret(id),
    onSuccess: (webhook) => {
      ask(null);
      onSecret(webhook);
    },
    onSettled,
  });
  const deleting = useMutation({
    // A missing webhook was already deleted in another tab.
    mutationFn: () =>
      deleteWebhook(id).catch((error: unknown) => {
        if (!isStatus(error, 404)) throw error;
      }),
    onSuccess: () => {
      ask(null);
      notices.show({ subject: url, text: 'is deleted.' });
    },
    onSettled,
  });
  const question = asked === 'rotate' ? rotating : deleting;
  const failed = testing.error ?? enabling.error;
  return {
    test: () => {
      enabling.reset();
      testing.mutate();
    },
    testing: testing.isPending,
    enable: () => {
      testing.reset();
      enabling.mutate();
    },
    enabling: enabling.isPending,
    problem: failed ? messageOf(failed) : null,
    asked,
    ask,
    carryOut: () => question.mutate(),
    carryingOut: question.isPending,
    refusal: question.isError ? messageOf(question.error) : null,
  };
}
