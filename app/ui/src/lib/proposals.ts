/** A requested rewrite of a passage: its kind, its position, and its state. */

import type { RewriteWish } from '../api/rewrites';
import { newId } from './tabId';
import { moved, type Passage } from './passages';

/**
 * queued: others come first. asking: the request is being sent. writing: the model is working. ready: it can be
 * accepted. accepting: it is being applied to the text. failed: there is no result unless it is requested again.
 */
export type ProposalState = 'queued' | 'asking' | 'writing' | 'ready' | 'accepting' | 'failed';

export interface Proposal {
  id: string;
  wish: RewriteWish;
  /** A description for the user. */
  purpose: string;
  /** The part of the page that requested and shows it. */
  group: string;
  /** The passage's position in the shown text; null if it was changed. */
  passage: Passage | null;
  /** The passage's text at the time of the request. */
  quote: string;
  state: ProposalState;
  rewriteId: string | null;
  replacement: string | null;
  /** A message for the user, besides the state. */
  note: string | null;
  /** The Idempotency-Key of the request. */
  requestKey: string;
}

/** The rewrite to request. */
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

/** Returns the proposal reset to its initial state, perhaps with another instruction. */
export function onceMore(proposal: Proposal, wish: RewriteWish = proposal.wish): Proposal {
  return { ...proposal, wish, state: 'queued', rewriteId: null, replacement: null, note: null, requestKey: newId() };
}

/** Finds a proposal's passage in another state of the text; null if it is missing or ambiguous. */
export function placeIn({ passage, quote }: Proposal, before: string, after: string): Passage | null {
  const place = passage && moved(passage, before, after);
  if (place && after.slice(place.from, place.to) === quote) return place;
  const from = after.indexOf(quote);
  if (from < 0 || after.includes(quote, from + 1)) return null;
  return { from, to: from + quote.length };
}
