/**
 * Autosave: saves a second after the last key, on top of the revision the edit started from. Every change is stored on
 * the device until the server has it. A conflict with a change saved elsewhere is resolved by the user, never overwritten.
 */

import { ApiError, isPassing, isStatus, messageOf, NetworkError } from '../api/errors';
import { isFinal } from '../api/generationStatus';
import type { Content, ContentChanges } from '../api/types';
import { createListeners } from './listeners';
import type { SaveState, Surroundings } from './saveState';
import { baseOf, textBase } from './textBase';
import { isBlank } from './validation';
import { areApart, changesIn, isEmptied, sendableIn, writingOf, type Writing } from './writing';

const QUIET_MS = 1_000;
const LONGEST_UNSAVED_MS = 10_000;
const FIRST_RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 60_000;
const GONE = 'This text was deleted elsewhere. Copy what you want to keep.';

export class TextSaver {
  typed: Writing;
  state: SaveState;
  private saved: Writing;
  private revision: number | undefined;
  private base: string;
  /** False for a draft without a known base: any difference is a conflict. */
  private knowsBase = true;
  /** Sent without a response; it may have been saved. */
  private sent: Partial<Writing>[] = [];
  private running: Promise<void> | null = null;
  private latest: Content | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private unsavedSince = 0;
  private retryMs = FIRST_RETRY_MS;
  private readonly listeners = createListeners();
  private readonly around: Surroundings;

  constructor(content: Content, around: Surroundings) {
    this.around = around;
    this.saved = this.typed = writingOf(content);
    this.revision = content.revision;
    this.base = baseOf(content);
    this.state = { name: 'saved', at: content.updatedAt };
  }

  readonly subscribe = this.listeners.subscribe;

  /** Sets the state and notifies the listeners. */
  private become(state: SaveState): void {
    this.state = state;
    this.listeners.tell();
  }

  /** Call when a field was edited. */
  readonly type = (field: keyof Writing, value: string): void => {
    if (this.typed[field] === value) return;
    this.typed = { ...this.typed, [field]: value };
    this.keepOnDevice();
    if (!this.running && this.state.name !== 'away' && this.state.name !== 'conflict') this.schedule();
    else this.become(this.state);
  };

  /** Restores an unsaved edit over the saved fields. Returns whether it is stored on the device. */
  takeUp(fields: Partial<Writing>, draftBase: string | null, content: Content): boolean {
    this.revision = textBase(content, draftBase);
    this.knowsBase = this.revision === content.revision;
    this.base = draftBase ?? this.base;
    this.typed = { ...this.typed, ...fields };
    const isKept = this.keepOnDevice();
    this.schedule();
    return isKept;
  }

  /** Call with the cached content. It is used unless it is older than what was saved here. */
  readonly receive = (content: Content): void => {
    if (this.running) {
      this.latest = content;
      return;
    }
    if (!isFinal(content.generationStatus) && 'generatedText' in sendableIn(this.typed, this.saved)) {
      this.giveWay(content);
      return;
    }
    const isNews = content.revision === undefined || this.revision === undefined || content.revision > this.revision;
    if (isNews && this.knowsBase && this.state.name !== 'conflict' && areApart(writingOf(content), this.typed, this.saved, this.sent)) this.adopt(content);
  };

  /** Saves all changes and returns the revision, except for a text that was only emptied. Throws if the server rejects them. */
  readonly saveNow = async (): Promise<number | undefined> => {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    while (this.hasSomethingToSend()) {
      if (this.state.name !== 'conflict') await this.save();
      if (this.state.name === 'conflict') throw new ApiError('This text was changed in another tab. Choose which one to keep first.', { status: 409 });
      if (this.state.name === 'away') throw new NetworkError(`Not saved: ${this.state.message}`);
      if (this.state.name === 'refused') throw new ApiError(`Not saved: ${this.state.message}`, { status: 422 });
    }
    return this.revision;
  };

  /** Call when the page is closed. Unsaved changes are sent, and stay on the device until there is a response. */
  readonly leave = (): void => void this.saveNow().catch(() => clearTimeout(this.timer));

  /** Call when the network is back. */
  readonly retry = (): void => {
    if (this.state.name === 'away') void this.save();
  };

  /** Confirms that the text was emptied on purpose; the previous one is kept as a version. */
  readonly saveEmpty = async (): Promise<void> => {
    await this.attempt(async () => {
      await this.around.keepVersion();
      await this.put(changesIn(this.typed, this.saved));
    });
  };

  /** Resolves a conflict with the text typed here; the other one becomes a version first. */
  readonly keepMine = async (): Promise<void> => {
    const { state } = this;
    if (state.name !== 'conflict') return;
    await this.attempt(async () => {
      if (this.typed.generatedText !== this.saved.generatedText && !isBlank(state.theirs.generatedText)) await this.around.keepVersion();
      this.rebase(state.theirs);
      await this.put(changesIn(this.typed, this.saved));
    });
  };

  /** Resolves a conflict with the other text; the one typed here stays on the device as a draft. */
  readonly useTheirs = (): void => {
    if (this.state.name !== 'conflict') return;
    const { theirs } = this.state;
    this.around.setAside();
    this.takeOver(theirs);
  };

  /** A generation has begun, and will replace the text: the one typed here could no longer be saved. */
  private giveWay(content: Content): void {
    if (!this.around.setAside()) return;
    clearTimeout(this.timer);
    this.takeOver(content);
    this.around.tellOfGivingWay();
  }

  private takeOver(content: Content): void {
    this.rebase(content);
    this.typed = this.saved;
    this.become({ name: 'saved', at: content.updatedAt });
  }

  private hasSomethingToSend(): boolean {
    return Object.keys(sendableIn(this.typed, this.saved)).length > 0;
  }

  /** Returns whether nothing is left that is stored nowhere. */
  private keepOnDevice(): boolean {
    const changes = changesIn(this.typed, this.saved);
    if (Object.keys(changes).length > 0) return this.around.keep(changes, this.base);
    this.around.forget();
    return true;
  }

  /** Schedules a save if there are changes. */
  private schedule(savedAt?: string): void {
    clearTimeout(this.timer);
    if (!this.hasSomethingToSend()) {
      const at = savedAt ?? (this.state.name === 'saved' ? this.state.at : new Date().toISOString());
      this.become(isEmptied(this.typed, this.saved) ? { name: 'empty' } : { name: 'saved', at });
      return;
    }
    if (this.state.name !== 'unsaved') this.unsavedSince = Date.now();
    const wait = Math.min(QUIET_MS, Math.max(0, this.unsavedSince + LONGEST_UNSAVED_MS - Date.now()));
    this.timer = setTimeout(() => void this.save(), wait);
    this.become({ name: 'unsaved' });
  }

  private async save(): Promise<void> {
    if (this.running) return this.running;
    if (this.hasSomethingToSend()) await this.attempt(() => this.put(sendableIn(this.typed, this.saved)));
  }

  /** Saves one at a time. Contents received meanwhile are handled afterwards, as they may be the result of this save. */
  private async attempt(how: () => Promise<void>): Promise<void> {
    while (this.running) await this.running;
    clearTimeout(this.timer);
    if (this.state.name !== 'away') this.become({ name: 'saving' });
    this.running = how()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.running = null;
        const heard = this.latest;
        this.latest = null;
        if (heard) this.receive(heard);
      });
    return this.running;
  }

  private async put(changes: ContentChanges): Promise<void> {
    this.sent.push(changes);
    try {
      const answer = await this.around.put(changes, this.revision);
      const { title, generatedText } = this.typed;
      this.rebase(answer, { title: answer.title, generatedText: changes.generatedText ?? answer.generatedText });
      if (title === changes.title) this.typed = { title: answer.title, generatedText };
      this.keepOnDevice();
      this.schedule(answer.updatedAt);
    } catch (error) {
      if (!isStatus(error, 412)) throw error;
      await this.reconcile(await this.around.get());
    }
  }

  /** Handles a conflict: another edit was saved first. */
  private async reconcile(theirs: Content): Promise<void> {
    if (!this.knowsBase || !areApart(writingOf(theirs), this.typed, this.saved, this.sent)) {
      this.become({ name: 'conflict', theirs });
      return;
    }
    this.adopt(theirs);
    if (this.hasSomethingToSend()) await this.put(sendableIn(this.typed, this.saved));
  }

  /** Rebases the text typed here on what was saved elsewhere. */
  private adopt(theirs: Content): void {
    const own = sendableIn(this.typed, this.saved);
    this.rebase(theirs);
    this.typed = { ...this.saved, ...own };
    this.keepOnDevice();
    this.schedule(theirs.updatedAt);
  }

  private rebase(content: Content, saved: Writing = writingOf(content)): void {
    this.saved = saved;
    this.revision = content.revision;
    this.base = baseOf(content);
    this.knowsBase = true;
    this.sent = [];
    this.retryMs = FIRST_RETRY_MS;
  }

  private fail(error: unknown): void {
    if (isPassing(error)) {
      this.become({ name: 'away', message: error instanceof NetworkError ? 'offline' : messageOf(error) });
      this.timer = setTimeout(() => void this.save(), this.retryMs);
      this.retryMs = Math.min(2 * this.retryMs, LONGEST_RETRY_MS);
      return;
    }
    this.sent = [];
    const [first] = error instanceof ApiError ? error.fieldErrors : [];
    this.become({ name: 'refused', message: isStatus(error, 404) ? GONE : (first?.message ?? messageOf(error)) });
  }
}
