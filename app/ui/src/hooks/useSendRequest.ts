import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { useNavigate } from 'react-router';

import { storeContent } from '../api/contentCache';
import { generateContent } from '../api/contents';
import { ApiError } from '../api/errors';
import { rememberChoice } from '../lib/drafts';
import { EMPTY_TEXT, NEW_TEXT_FIELDS, requestOf, type NewTextValues } from '../lib/newText';
import { keepOutgoing, type Obstacle } from '../lib/outgoing';
import { showServerErrors } from '../lib/serverErrors';
import { newId } from '../lib/tabId';
import { LAST_TYPE } from './useRequestDraft';

/** Sends the form and opens the text's page; what cannot be sent now is kept on this device and sent later. */
export function useSendRequest(form: UseFormReturn<NewTextValues>, userId: string, forgetDraft: () => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const keyFor = useIdempotencyKey();

  const keepForLater = (values: NewTextValues, obstacle: Obstacle): boolean => {
    if (!keepOutgoing(userId, { ...values }, keyFor(values), obstacle)) return false;
    forgetDraft();
    form.reset({ ...EMPTY_TEXT, contentType: values.contentType });
    return true;
  };

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    rememberChoice(userId, LAST_TYPE, values.contentType);
    if (!navigator.onLine && keepForLater(values, 'offline')) return;
    try {
      const content = await generateContent(requestOf(values), keyFor(values));
      storeContent(queries, content);
      forgetDraft();
      await navigate(`/contents/${content.id}`, { replace: true });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'queue_full' && keepForLater(values, 'full')) return;
      setProblem(showServerErrors(error, NEW_TEXT_FIELDS, form.setError));
    }
  });

  return { submit, problem };
}

/** One key for as long as the form says the same: pressed again after a lost answer, the request is not carried out twice. */
function useIdempotencyKey(): (values: NewTextValues) => string {
  const last = useRef({ form: '', key: '' });
  return (values) => {
    const current = JSON.stringify(values);
    if (last.current.form !== current) last.current = { form: current, key: newId() };
    return last.current.key;
  };
}
