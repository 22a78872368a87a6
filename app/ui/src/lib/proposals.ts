/** A change of a passage that was asked for: what it is, where it stands, and how far it has come. */

import type { RewriteWish } from '../api/rewrites';
import { newId } from './tabId';
import { moved, type Passage } from './passages';

/**
 * queued: others come first. asking: the request is under way. writing: the model is at work. ready: there is something to
 * accept. accepting: it is being put into the text. failed: there will be nothing, unless it is asked for again.
 */
export type ProposalState = 'queued' | 'asking' | 'writing' | 'ready' | 'accepting' | 'failed';

export interface Proposal {
  id: string;
  wish: RewriteWish;
  /** What it is for, in words. */
  purpose: string;
  /** Whoever asked for it, and shows it. */
  group: string;
  /** Where the passage stands in the text that is shown; null since somebody changed it. */
  passage: Passage | null;
  /** What stood there when it was asked for. */
  quote: string;
  state: ProposalState;
  rewriteId: string | null;
  replacement: string | null;
  /** What there is to say beside the state. */
  note: string | null;
  /** Under which the request is sent: the same one is the same request. */
  requestKey: string;
}

/** What somebody asks for. */
export interface Proposed {
  wish: RewriteWish;
  purpose: string;
  group: string;
  passage: Passage;
}

export function proposalOf({ wish, purpose, group, passage }: Proposed, text: string): Proposal {
  const quote = text.slice(passage.from, passage.to);
  const begun = { passage, quote, state: 'queued', rewriteId: null, replacement: null, note: null } as const;
  return { id: newId(), wish, purpose, group, ...begun, requestKey: newId() };
}

/** The proposal once more from the beginning, perhaps with another wish. */
export function onceMore(proposal: Proposal, wish: RewriteWish = proposal.wish): Proposal {
  return { ...proposal, wish, state: 'queued', rewriteId: null, replacement: null, note: null, requestKey: newId() };
}

/** Where the passage of a proposal stands in another state of the text; null when it is not there, or nobody can say where. */
export function placeIn({ passage, quote }: Proposal, before: string, after: string): Passage | null {
  const place = passage && moved(passage, before, after);
  if (place && after.slice(place.from, place.to) === quote) return place;
  const from = after.indexOf(quote);
  if (from < 0 || after.includes(quote, from + 1)) return null;
  return { from, to: from + quote.length };
}
