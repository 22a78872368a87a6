import { useEffect } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import { CONTENT_TYPES } from '../api/types';
import { readDraft, saveDraft } from '../lib/drafts';
import type { RequestValues } from '../lib/validation';

/** What the form begins with: the draft that was left, else nothing. */
export function startingValues(userId: string): RequestValues {
  const { title, contentType, prompt } = readDraft(userId);
  return {
    title: typeof title === 'string' ? title : '',
    prompt: typeof prompt === 'string' ? prompt : '',
    contentType: CONTENT_TYPES.find((type) => type === contentType) ?? 'blog',
  };
}

/** Keeps what is typed, so that it survives a reload. */
export function useSavedDraft(form: UseFormReturn<RequestValues>, userId: string): void {
  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: ({ values }) => saveDraft(userId, values) }),
    [form, userId],
  );
}
