/** Rewrites passages of one text: requests, polls, and applies accepted results, despite outages and concurrent edits. */

import { isPassing, isStatus, NetworkError } from '../api/errors';
import { acceptRewrite, getRewrite, requestRewrite, type RewriteWish } from '../api/rewrites';
import type { Content } from '../api/types';
import { awaitRewrite } from '../realtime/rewriteNews';
import { codePointsOf } from './codePoints';
import { createListeners } from './listeners';
import type { Passage } from './passages';
import { onceMore, placeIn, proposalOf, type Proposal, type Proposed } from './proposals';
import { isCode, LOST, OFFLINE, reasonFor, waitingNote } from './rewritingWords';

/** What it needs from the page. */
export interface RewritingHost {
  /** Saves unsaved changes. Resolves to the stored content. */
  saved: () => Promise<Content>;
  /** Refetches the content, which has changed elsewhere. */
  reloaded: () => Promise<Content>;
  /** Called with the server's content after a proposal was accepted. */
  accepted: (content: Content, passage: Passage, replacement: string) => void;
}

const MOST_AT_ONCE = 3;
const MOST_TRIES = 4;
const LOOK_MS = 2_000;
const AGAIN_MS = 5_000;
const PATIENCE_MS = 15 * 60_000;

export class Rewriting {
  #proposals: readonly Proposal[] = [];
  #text: string;
  #accepting: Promise<unknown> = Promise.resolve();
  #disposed = false;
  readonly #contentId: string;
  readonly #host: RewritingHost;
  readonly #listeners = createListeners();
  readonly #wakers = new Set<() => void>();

  /** Positions in `propose` refer to `text`; `textIs` reports later texts. */
  constructor(contentId: string, text: string, host: RewritingHost) {
    this.#contentId = contentId;
    this.#text = text;
    this.#host = host;
  }

  subscribe = this.#listeners.subscribe;

  proposals = (): readonly Proposal[] => this.#proposals;

  /** Call after an edit of the text; moves all passages accordingly. */
  textIs(text: string): void {
    if (text === this.#text) return;
    const before = this.#text;
    this.#text = text;
    if (this.#proposals.length > 0) this.#set(this.#proposals.map((each) => ({ ...each, passage: placeIn(each, before, text) })));
  }

  /** Requests rewrites of passages of the shown text. Returns the proposals' ids. */
  propose(asked: readonly Proposed[]): string[] {
    const added = asked.map((each) => proposalOf(each, this.#text));
    this.#set([...this.#proposals, ...added]);
    this.#askNext();
    return added.map(({ id }) => id);
  }

  again(id: string, wish?: RewriteWish): void {
    this.#set(this.#proposals.map((each) => (each.id === id ? onceMore(each, wish) : each)));
    this.#askNext();
  }

  discard(isMeant: (proposal: Proposal) => boolean): void {
    this.#set(this.#proposals.filter((each) => !isMeant(each)));
    this.#askNext();
  }

  /** Applies a replacement. Resolves to whether that was possible. Several are applied one after the other. */
  accept(id: string): Promise<boolean> {
    const accepted = this.#accepting.then(() => this.#accept(id));
    this.#accepting = accepted;
    return accepted;
  }

  /** Discards everything that is still waiting. */
  dispose(): void {
    this.#disposed = true;
    for (const wake of [...this.#wakers]) wake();
  }

  revive(): void {
    this.#disposed = false;
  }

  #askNext(): void {
    const isAtWork = ({ state }: Proposal) => state === 'asking' || state === 'writing';
    let free = MOST_AT_ONCE - this.#proposals.filter(isAtWork).length;
    for (const { id, state } of this.#proposals) {
      if (state !== 'queued' || free <= 0) continue;
      free -= 1;
      this.#change(id, { state: 'asking', note: null });
      void this.#run(id).finally(() => this.#askNext());
    }
  }

  async #run(id: string): Promise<void> {
    const requestKey = this.#find(id)?.requestKey;
    try {
      const rewriteId = await this.#asked(id);
      if (rewriteId !== null) await this.#written(id, rewriteId);
    } catch (error) {
      // A proposal that was requested again in the meantime has its own run.
      if (this.#find(id)?.requestKey === requestKey) this.#fail(id, reasonFor(error));
    }
  }

  /** Sends the request until it is accepted. Resolves to the rewrite's id, or null if it was discarded. */
  async #asked(id: string): Promise<string | null> {
    const until = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries += 1) {
      try {
        const stored = tries > 1 ? await this.#host.reloaded() : await this.#host.saved();
        const proposal = this.#find(id);
        if (!proposal || this.#disposed) return null;
        const place = placeIn(proposal, this.#text, stored.generatedText);
        if (!place) throw new Error(LOST);
        const points = codePointsOf(stored.generatedText);
        const range = { start: points.toPoints(place.from), end: points.toPoints(place.to), quote: proposal.quote };
        const { id: rewriteId } = await requestRewrite(this.#contentId, { ...proposal.wish, ...range }, `${proposal.requestKey}-${range.start}`);
        this.#change(id, { state: 'writing', rewriteId, note: null });
        return rewriteId;
      } catch (error) {
        const waits = Date.now() < until ? waitingNote(error) : null;
        const hasMoved = isCode(error, 'text_changed') && tries < MOST_TRIES;
        if (waits === null && !hasMoved) throw error;
        if (waits !== null) {
          this.#change(id, { note: waits });
          await this.#pause(AGAIN_MS);
        }
        if (!this.#find(id) || this.#disposed) return null;
      }
    }
  }

  /** Polls until there is a result or a failure. */
  async #written(id: string, rewriteId: string): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    const isWanted = () => this.#find(id)?.rewriteId === rewriteId && !this.#disposed;
    while (isWanted()) {
      await this.#pause(LOOK_MS, (wake) => awaitRewrite(rewriteId, wake));
      if (!isWanted()) return;
      try {
        const { status, replacement, failureReason } = await getRewrite(this.#contentId, rewriteId);
        if (!isWanted()) return;
        if (status === 'failed') throw new Error(failureReason ?? 'The passage could not be rewritten.');
        this.#change(id, status === 'completed' ? { state: 'ready', replacement, note: null } : { note: null });
        if (status === 'completed') return;
      } catch (error) {
        if (!isPassing(error) || Date.now() > until) throw error;
        this.#change(id, { note: error instanceof NetworkError ? OFFLINE : null });
      }
    }
  }

  async #accept(id: string): Promise<boolean> {
    const proposal = this.#find(id);
    if (proposal?.state !== 'ready' || proposal.rewriteId === null || proposal.replacement === null) return false;
    this.#change(id, { state: 'accepting', note: null });
    try {
      const [content, place] = await this.#placed(id, proposal.rewriteId);
      this.discard((each) => each.id === id);
      this.#host.accepted(content, place, proposal.replacement);
      this.textIs(content.generatedText);
      return true;
    } catch (error) {
      this.#change(id, { state: 'ready', note: reasonFor(error) });
      return false;
    }
  }

  /** Accepts against the newest state of the text, wherever the passage is in it. */
  async #placed(id: string, rewriteId: string): Promise<[Content, Passage]> {
    for (let tries = 1; ; tries += 1) {
      const stored = tries === 1 ? await this.#host.saved() : await this.#host.reloaded();
      const proposal = this.#find(id);
      const place = proposal && placeIn(proposal, this.#text, stored.generatedText);
      if (!place) throw new Error(LOST);
      const start = codePointsOf(stored.generatedText).toPoints(place.from);
      try {
        return [await acceptRewrite(this.#contentId, rewriteId, start, stored.revision), place];
      } catch (error) {
        const hasChanged = isStatus(error, 412) || isCode(error, 'text_changed');
        if (!hasChanged || tries >= MOST_TRIES) throw error;
      }
    }
  }

  #pause(milliseconds: number, listen?: (wake: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        window.removeEventListener('online', wake);
        forget?.();
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      window.addEventListener('online', wake);
      const forget = listen?.(wake);
      this.#wakers.add(wake);
    });
  }

  #find(id: string): Proposal | undefined {
    return this.#proposals.find((each) => each.id === id);
  }

  #fail(id: string, note: string): void {
    this.#change(id, { state: 'failed', note });
  }

  #change(id: string, changes: Partial<Proposal>): void {
    this.#set(this.#proposals.map((each) => (each.id === id ? { ...each, ...changes } : each)));
  }

  #set(proposals: readonly Proposal[]): void {
    this.#proposals = proposals;
    this.#listeners.tell();
  }
}
