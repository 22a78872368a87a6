import { useCallback, useEffect, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import type { User } from '../api/types';
import {
  forgetDraft,
  forgetOwnDraft,
  forgetSent,
  NEW_TEXT,
  ownDraft,
  rememberedChoice,
  saveDraft,
  setOwnDraftAside,
  type Draft,
  type DraftValues,
} from '../lib/drafts';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { hasSameWords, hasWords, newTextOf, saysTheSame, type NewTextValues } from '../lib/newText';
import { newId } from '../lib/tabId';
import { useOfferedDrafts } from './useOfferedDrafts';

export const LAST_TYPE = 'type';

function placeOf(userId: string) {
  return { userId, text: NEW_TEXT };
}

/** The form's initial values: this tab's draft, else the user's defaults, else the last used type. */
export function startingValues({ id, preferences }: User): NewTextValues {
  const kept = ownDraft(placeOf(id))?.values;
  if (kept) return newTextOf(kept);
  const { contentType, tone, language } = preferences ?? {};
  return newTextOf({ contentType: contentType ?? rememberedChoice(id, LAST_TYPE) ?? '', tone: tone ?? '', language: language ?? '' });
}

/**
 * Starts the form with a request, which may have been sent under the idempotency key `key`. A draft in the form is put aside and
 * offered there. Returns it.
 */
export function beginRequest(userId: string, request: NewTextValues, key?: string): Draft | null {
  const place = placeOf(userId);
  const aside = isWorthKeeping(ownDraft(place), request) ? setOwnDraftAside(place) : null;
  if (hasWords(request)) saveDraft(place, draftOf(request, key));
  else forgetOwnDraft(place);
  return aside;
}

function isWorthKeeping(own: Draft | null, request: NewTextValues): boolean {
  return own !== null && isTyped(own.values) && !saysTheSame(request, newTextOf(own.values));
}

/** Whether the form has typed text. An example does not count, because it can be inserted again. */
function isTyped(values: DraftValues): boolean {
  return hasWords(values) && !Object.values(CONTENT_TYPE_TEXT).some(({ example }) => hasSameWords(values, example));
}

function draftOf(values: NewTextValues, key?: string): DraftValues {
  return key === undefined ? { ...values } : { ...values, key };
}

/**
 * Stores the form's values on this device, and lists the other drafts there. The idempotency key of a request is stored with it
 * while it is unchanged, so that sending it again is safe after a lost response, and after a reload.
 */
export function useRequestDraft(form: UseFormReturn<NewTextValues>, userId: string) {
  const [place] = useState(() => placeOf(userId));
  const [isKept, setKept] = useState(true);
  const [begun] = useState(() => ownDraft(place)?.values ?? {});
  const lastSent = useRef(begun);
  const keyOf = useCallback((values: NewTextValues) => (saysTheSame(values, lastSent.current) ? lastSent.current.key : undefined), []);
  const { offered, lookAgain, takeUp, discard } = useOfferedDrafts(place, isKept, hasWords);

  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          const isEmpty = !hasWords(values);
          if (isEmpty) forgetOwnDraft(placeOf(userId));
          setKept(isEmpty || saveDraft(placeOf(userId), draftOf(values, keyOf(values))));
        },
      }),
    [form, userId, keyOf],
  );

  /** The key to send these values of the form under. */
  const keyFor = (values: NewTextValues): string => {
    const known = keyOf(values);
    if (known !== undefined) return known;
    const key = newId();
    lastSent.current = draftOf(values, key);
    const typed = form.getValues();
    saveDraft(place, draftOf(typed, keyOf(typed)));
    return key;
  };

  /**
   * Fills the form with a request, which may have been sent under `key`; the previous values are stored. Returns the function that
   * restores them.
   */
  const replace = useCallback(
    (request: NewTextValues, key?: string): (() => void) => {
      const before = form.getValues();
      if (key !== undefined) lastSent.current = draftOf(request, key);
      const aside = beginRequest(userId, request, key);
      form.reset(request);
      lookAgain();
      return () => {
        if (aside) forgetDraft(aside);
        if (saysTheSame(request, form.getValues())) forgetOwnDraft(placeOf(userId));
        beginRequest(userId, before, keyOf(before));
        form.reset(before);
        lookAgain();
      };
    },
    [form, userId, lookAgain, keyOf],
  );

  const takeUpRequest = (draft: Draft) => {
    const request = newTextOf(draft.values);
    if (!isWorthKeeping(ownDraft(place), request)) forgetOwnDraft(place);
    takeUp(draft, () => {
      replace(request, draft.values.key);
      return ownDraft(place) !== null;
    });
  };

  return { offered, isKept, keyFor, replace, takeUp: takeUpRequest, discard };
}

/** Deletes the draft of a request that was sent, unless this tab's form has been changed since. */
export function forgetSentRequest(userId: string, sent: NewTextValues): void {
  forgetSent(placeOf(userId), (kept) => saysTheSame(sent, kept));
}
