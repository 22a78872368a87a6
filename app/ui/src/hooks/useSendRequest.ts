import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import { storeContent } from '../api/contentCache';
import { generateContent } from '../api/contents';
import { ApiError } from '../api/errors';
import { rememberChoice } from '../lib/drafts';
import { EMPTY_TEXT, NEW_TEXT_FIELDS, requestOf, saysTheSame, type NewTextValues } from '../lib/newText';
import { keepOutgoing, type Obstacle } from '../lib/outgoing';
import { showServerErrors } from '../lib/serverErrors';
import { useGoOn } from './useGoOn';
import { useIsThere } from './useIsThere';
import { forgetSentRequest, LAST_TYPE } from './useRequestDraft';
import { useTellIfGone } from './useTellIfGone';

/**
 * Sends the form and opens the text's page; if it cannot be sent now, it is stored on this device and sent later. If the user has
 * left the page before the response, a notice is shown instead. `keyFor` gives the idempotency key.
 */
export function useSendRequest(form: UseFormReturn<NewTextValues>, userId: string, keyFor: (values: NewTextValues) => string) {
  const goOn = useGoOn();
  const queries = useQueryClient();
  const isThere = useIsThere();
  const tellIfGone = useTellIfGone();
  const [problem, setProblem] = useState<string | null>(null);

  const keepForLater = (values: NewTextValues, obstacle: Obstacle): boolean => {
    if (!keepOutgoing(userId, { ...values }, keyFor(values), obstacle)) return false;
    forgetSentRequest(userId, values);
    if (isThere() && saysTheSame(values, form.getValues())) form.reset({ ...EMPTY_TEXT, contentType: values.contentType });
    return true;
  };

  const submit = form.handleSubmit(async (values) => {
    const request = requestOf(values);
    setProblem(null);
    rememberChoice(userId, LAST_TYPE, values.contentType);
    if (!navigator.onLine && keepForLater(values, 'offline')) return;
    try {
      const content = await generateContent(request, keyFor(values));
      storeContent(queries, content);
      forgetSentRequest(userId, values);
      await goOn(`/contents/${content.id}`, { subject: content.title, text: 'was sent.', label: 'Watch it' }, { replace: true });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'queue_full' && keepForLater(values, 'full')) return;
      if (tellIfGone({ subject: request.title, text: 'could not be sent', error, to: '/contents/new', label: 'Open the form' })) return;
      setProblem(showServerErrors(error, NEW_TEXT_FIELDS, form.setError));
    }
  });

  return { submit, problem };
}
