import { useCallback, useState } from 'react';

import { forgetDraft, otherDrafts, ownDraft, setOwnDraftAside, wordsIn, type Draft, type DraftPlace, type DraftValues } from '../lib/drafts';

/** Drafts of a place that are not in its form: those of other tabs, and those put aside in this one. */
export interface OfferedDrafts {
  /** Newest first. */
  offered: Draft[];
  lookAgain: () => void;
  /** Puts what is in the form aside, and has `fill` put the draft there. */
  takeUp: (draft: Draft, fill: (values: DraftValues) => void) => void;
  discard: (draft: Draft) => void;
}

/** Lists the drafts that can be continued in a form, so that what was typed is found again after its tab was closed. */
export function useOfferedDrafts(place: DraftPlace, isWorthOffering: (values: DraftValues) => boolean = (values) => wordsIn(values) !== ''): OfferedDrafts {
  const [found, setFound] = useState(() => otherDrafts(place));
  const lookAgain = useCallback(() => setFound(otherDrafts(place)), [place]);
  const takeUp = (draft: Draft, fill: (values: DraftValues) => void) => {
    const own = ownDraft(place);
    if (own && isWorthOffering(own.values)) setOwnDraftAside(place);
    fill(draft.values);
    forgetDraft(draft);
    lookAgain();
  };
  const discard = (draft: Draft) => {
    forgetDraft(draft);
    lookAgain();
  };
  return { offered: found.filter(({ values }) => isWorthOffering(values)), lookAgain, takeUp, discard };
}
