import { useCallback, useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import { CONTENT_TYPES } from '../api/types';
import {
  draftsOf,
  forgetDraft,
  forgetOwnDraft,
  NEW_TEXT,
  ownDraft,
  saveDraft,
  setOwnDraftAside,
  type Draft,
  type DraftValues,
} from '../lib/drafts';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { isBlank, type RequestValues } from '../lib/validation';

const EMPTY: RequestValues = { contentType: 'blog', title: '', prompt: '' };

function placeOf(userId: string) {
  return { userId, text: NEW_TEXT };
}

function valuesOf({ title, contentType, prompt }: DraftValues): RequestValues {
  return {
    contentType: CONTENT_TYPES.find((type) => type === contentType) ?? EMPTY.contentType,
    title: title ?? '',
    prompt: prompt ?? '',
  };
}

function isEmpty({ title, prompt }: { title?: string; prompt?: string }): boolean {
  return isBlank(title ?? '') && isBlank(prompt ?? '');
}

/** What the form begins with: what was left in this tab, else nothing. */
export function startingValues(userId: string): RequestValues {
  return valuesOf(ownDraft(placeOf(userId))?.values ?? {});
}

/** Lets the form begin with a request; what was left in it is kept beside and offered there. Returns what was put aside. */
export function beginRequest(userId: string, request: RequestValues): Draft | null {
  const place = placeOf(userId);
  const own = ownDraft(place);
  const isWorthKeeping = own !== null && isTyped(own.values) && !isSame(own.values, request);
  const aside = isWorthKeeping ? setOwnDraftAside(place) : null;
  if (isEmpty(request)) forgetOwnDraft(place);
  else saveDraft(place, { ...request });
  return aside;
}

/** Whether somebody typed any of it: an example can be had again. */
function isTyped(values: DraftValues): boolean {
  return !isEmpty(values) && !Object.values(CONTENT_TYPE_TEXT).some(({ example }) => isSame(values, example));
}

function isSame(one: DraftValues, other: { title: string; prompt: string }): boolean {
  return one.title === other.title && one.prompt === other.prompt;
}

/** Keeps what is typed on this device, and knows what else is kept there. */
export function useRequestDraft(form: UseFormReturn<RequestValues>, userId: string) {
  const [others, setOthers] = useState(() => otherDrafts(userId));
  const [isKept, setKept] = useState(true);

  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          if (isEmpty(values)) forgetOwnDraft(placeOf(userId));
          else setKept(saveDraft(placeOf(userId), { ...values }));
        },
      }),
    [form, userId],
  );

  /** Fills the form; what stood there is kept. Returns the way back. */
  const replace = useCallback(
    (request: RequestValues): (() => void) => {
      const before = form.getValues();
      const aside = beginRequest(userId, request);
      form.reset(request);
      setOthers(otherDrafts(userId));
      return () => {
        if (aside) forgetDraft(aside);
        if (isSame({ ...form.getValues() }, request)) forgetOwnDraft(placeOf(userId));
        beginRequest(userId, before);
        form.reset(before);
        setOthers(otherDrafts(userId));
      };
    },
    [form, userId],
  );

  const takeUp = useCallback(
    (draft: Draft) => {
      replace(valuesOf(draft.values));
      forgetDraft(draft);
      setOthers(otherDrafts(userId));
    },
    [replace, userId],
  );

  const discard = useCallback(
    (draft: Draft) => {
      forgetDraft(draft);
      setOthers(otherDrafts(userId));
    },
    [userId],
  );

  return { others, isKept, replace, takeUp, discard, forget: () => forgetOwnDraft(placeOf(userId)) };
}

/** What other tabs left, and what was put aside here. */
function otherDrafts(userId: string): Draft[] {
  const own = ownDraft(placeOf(userId))?.key;
  return draftsOf(placeOf(userId)).filter((draft) => draft.key !== own && !isEmpty(draft.values));
}
