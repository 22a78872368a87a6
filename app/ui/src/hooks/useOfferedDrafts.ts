import { useCallback, useState } from 'react';

import { useNotices } from '../contexts/notices';
import { clearOwnDraft, forgetDraft, forgetOwnDraft, otherDrafts, ownDraft, wordsIn, type Draft, type DraftPlace, type DraftValues } from '../lib/drafts';

export const NO_ROOM = 'There is no room on this device to keep what would be replaced. Nothing was changed.';

/** Drafts of a place that are not in its form: those of other tabs, and those put aside in this one. */
export interface OfferedDrafts {
  /** Newest first. */
  offered: Draft[];
  lookAgain: () => void;
  /** Puts what is in the form aside. Returns false, and says so, if there is no room to keep it. */
  putAside: () => boolean;
  /** Puts what is in the form aside, and has `fill` put the draft there. `fill` returns whether it is stored. */
  takeUp: (draft: Draft, fill: (values: DraftValues) => boolean) => void;
  discard: (draft: Draft) => void;
}

/**
 * Lists the drafts that can be continued in a form, so that what was typed is found again after its tab was closed. `isKept` says
 * whether what is in the form is stored.
 */
export function useOfferedDrafts(
  place: DraftPlace,
  isKept: boolean,
  isWorthOffering: (values: DraftValues) => boolean = (values) => wordsIn(values) !== '',
): OfferedDrafts {
  const notices = useNotices();
  const [found, setFound] = useState(() => otherDrafts(place));
  const lookAgain = useCallback(() => setFound(otherDrafts(place)), [place]);
  const putAside = () => {
    const own = ownDraft(place);
    if (own && !isWorthOffering(own.values)) forgetOwnDraft(place);
    if (isKept && clearOwnDraft(place)) return true;
    notices.show({ text: NO_ROOM });
    return false;
  };
  const takeUp = (draft: Draft, fill: (values: DraftValues) => boolean) => {
    if (!putAside()) return;
    if (fill(draft.values)) forgetDraft(draft);
    lookAgain();
  };
  const discard = (draft: Draft) => {
    forgetDraft(draft);
    lookAgain();
  };
  return { offered: found.filter(({ values }) => isWorthOffering(values)), lookAgain, putAside, takeUp, discard };
}
