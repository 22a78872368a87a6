import { useCallback, useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import type { User } from '../api/types';
import {
  draftsOf,
  forgetDraft,
  forgetOwnDraft,
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

export const LAST_TYPE = 'type';

function placeOf(userId: string) {
  return { userId, text: NEW_TEXT };
}

/** What the form begins with: what was left in this tab, else the person's defaults; without one the type that was written last. */
export function startingValues({ id, preferences }: User): NewTextValues {
  const kept = ownDraft(placeOf(id))?.values;
  if (kept) return newTextOf(kept);
  const { contentType, tone, language } = preferences ?? {};
  return newTextOf({ contentType: contentType ?? rememberedChoice(id, LAST_TYPE) ?? '', tone: tone ?? '', language: language ?? '' });
}

/** Lets the form begin with a request; what was left in it is kept beside and offered there. Returns what was put aside. */
export function beginRequest(userId: string, request: NewTextValues): Draft | null {
  const place = placeOf(userId);
  const own = ownDraft(place);
  const isWorthKeeping = own !== null && isTyped(own.values) && !saysTheSame(request, newTextOf(own.values));
  const aside = isWorthKeeping ? setOwnDraftAside(place) : null;
  if (hasWords(request)) saveDraft(place, { ...request });
  else forgetOwnDraft(place);
  return aside;
}

/** Whether somebody typed any of it: an example can be had again. */
function isTyped(values: DraftValues): boolean {
  return hasWords(values) && !Object.values(CONTENT_TYPE_TEXT).some(({ example }) => hasSameWords(values, example));
}

/** Keeps what is typed on this device, and knows what else is kept there. */
export function useRequestDraft(form: UseFormReturn<NewTextValues>, userId: string) {
  const [others, setOthers] = useState(() => otherDrafts(userId));
  const [isKept, setKept] = useState(true);

  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          if (hasWords(values)) setKept(saveDraft(placeOf(userId), { ...values }));
          else forgetOwnDraft(placeOf(userId));
        },
      }),
    [form, userId],
  );

  /** Fills the form; what stood there is kept. Returns the way back. */
  const replace = useCallback(
    (request: NewTextValues): (() => void) => {
      const before = form.getValues();
      const aside = beginRequest(userId, request);
      form.reset(request);
      setOthers(otherDrafts(userId));
      return () => {
        if (aside) forgetDraft(aside);
        if (saysTheSame(request, form.getValues())) forgetOwnDraft(placeOf(userId));
        beginRequest(userId, before);
        form.reset(before);
        setOthers(otherDrafts(userId));
      };
    },
    [form, userId],
  );

  const takeUp = useCallback(
    (draft: Draft) => {
      replace(newTextOf(draft.values));
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

  return { others, isKept, replace, takeUp, discard };
}

/** Forgets what is kept of a request that was sent, unless this tab has gone on with something else meanwhile. */
export function forgetSent(userId: string, sent: NewTextValues): void {
  const kept = ownDraft(placeOf(userId));
  if (kept && saysTheSame(sent, kept.values)) forgetOwnDraft(placeOf(userId));
}

/** What other tabs left, and what was put aside here. */
function otherDrafts(userId: string): Draft[] {
  const own = ownDraft(placeOf(userId))?.key;
  return draftsOf(placeOf(userId)).filter((draft) => draft.key !== own && hasWords(draft.values));
}
