/**
 * Unsaved input, stored on this device per user, text and tab, so that tabs do not overwrite
 * each other's. A draft survives the tab and the session; saving, discarding and logging out remove it.
 */

import { newId, tabId } from './tabId';

/** The user, and what the draft is of, for example the id of a content, `NEW_TEXT` or a place of templatePlaces.ts. */
export interface DraftPlace {
  userId: string;
  text: string;
}

export type DraftValues = Record<string, string>;

export interface Draft {
  /** The storage key. */
  key: string;
  savedAt: number;
  values: DraftValues;
  /** The state of the text that the edit is based on; see textBase. */
  base: string | null;
}

export const NEW_TEXT = 'new';
const PREFIX = 'draft:';
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

// eslint-disable-next-line no-restricted-globals -- the one place that keeps something here
const device = (): Storage => localStorage;

/** Stores this tab's draft. Returns false if the browser does not allow it or the storage is full. */
export function saveDraft(place: DraftPlace, values: DraftValues, base: string | null = null): boolean {
  return store({ key: ownKey(place), savedAt: Date.now(), values, base });
}

/** Stores a draft that belongs to no tab. Returns null if the browser does not allow it. */
export function keepBeside(place: DraftPlace, values: DraftValues): Draft | null {
  const draft = { key: prefixOf(place) + newId(), savedAt: Date.now(), values, base: null };
  return store(draft) ? draft : null;
}

/** Returns this tab's draft for the place. */
export function ownDraft(place: DraftPlace): Draft | null {
  return read(ownKey(place));
}

/** Returns all drafts for the place, of this and other tabs, newest first. */
export function draftsOf(place: DraftPlace): Draft[] {
  return draftsUnder(prefixOf(place));
}

/** Returns the drafts for the place that are not this tab's own: of other tabs, and those put aside. Newest first. */
export function otherDrafts(place: DraftPlace): Draft[] {
  return draftsOf(place).filter(({ key }) => key !== ownKey(place));
}

/** All words of a draft in one line, by which it is recognized. */
export function wordsIn(values: DraftValues): string {
  return Object.values(values).filter((value) => value.trim() !== '').join(' · ');
}

/** Whether this user has any draft on this device. */
export function hasDrafts(userId: string): boolean {
  return keysUnder(`${PREFIX}${userId}:`).length > 0;
}

export function forgetOwnDraft(place: DraftPlace): void {
  remove(ownKey(place));
}

/** Removes this tab's draft of something that was sent, unless it says something else by now. */
export function forgetSent(place: DraftPlace, isSent: (values: DraftValues) => boolean): void {
  const own = ownDraft(place);
  if (own && isSent(own.values)) remove(own.key);
}

/** Moves all drafts to another place, where each is its tab's as before. */
export function moveDrafts(from: DraftPlace, to: DraftPlace): void {
  for (const draft of draftsOf(from)) {
    const key = prefixOf(to) + draft.key.slice(prefixOf(from).length);
    if (store({ ...draft, key })) remove(draft.key);
  }
}

/** Removes a draft, unless another tab has changed it since it was read. */
export function forgetDraft(draft: Draft): void {
  if (read(draft.key)?.savedAt === draft.savedAt) remove(draft.key);
}

/** Removes the user's drafts. Call at logout, so that the next user of this device cannot read them. */
export function forgetAllDrafts(userId: string): void {
  for (const key of keysUnder(`${PREFIX}${userId}:`)) remove(key);
}

/** Puts this tab's draft aside, so that another one can be started; it is offered later. Returns the draft. */
export function setOwnDraftAside(place: DraftPlace): Draft | null {
  const own = ownDraft(place);
  if (own === null) return null;
  const aside = { ...own, key: prefixOf(place) + newId() };
  if (!store(aside)) return null;
  remove(own.key);
  return aside;
}

/** Whether this tab has no draft for the place, or it could be put aside. If there is no room for that, it stays. */
export function clearOwnDraft(place: DraftPlace): boolean {
  return ownDraft(place) === null || setOwnDraftAside(place) !== null;
}

function prefixOf({ userId, text }: DraftPlace): string {
  return `${PREFIX}${userId}:${text}:`;
}

function ownKey(place: DraftPlace): string {
  return prefixOf(place) + tabId();
}

function draftsUnder(prefix: string): Draft[] {
  return keysUnder(prefix)
    .map(read)
    .filter((draft) => draft !== null)
    .sort((one, other) => other.savedAt - one.savedAt);
}

function read(key: string): Draft | null {
  try {
    const stored: unknown = JSON.parse(device().getItem(key) ?? 'null');
    return isRecord(stored) ? { key, savedAt: stored.savedAt, values: textsOf(stored.values), base: stored.base ?? null } : null;
  } catch {
    return null;
  }
}

interface Stored {
  savedAt: number;
  values: Record<string, unknown>;
  base?: string | null;
}

function isRecord(stored: unknown): stored is Stored {
  const { savedAt, values } = (stored ?? {}) as Partial<Stored>;
  return typeof savedAt === 'number' && typeof values === 'object';
}

function textsOf(values: Record<string, unknown>): DraftValues {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** If storage is full, old drafts make room. Returns false if the browser does not allow it, or there is still no room. */
function store({ key, ...stored }: Draft): boolean {
  const record = JSON.stringify(stored);
  return write(key, record) || (forgetOld() && write(key, record));
}

function write(key: string, record: string): boolean {
  try {
    device().setItem(key, record);
    return true;
  } catch {
    return false;
  }
}

function remove(key: string): void {
  try {
    device().removeItem(key);
  } catch {
    // If storage cannot be read, nothing can be removed either.
  }
}

function keysUnder(prefix: string): string[] {
  try {
    return Object.keys(device()).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Removes drafts older than a month. */
export function forgetOld(): boolean {
  const old = draftsUnder(PREFIX).filter((draft) => draft.savedAt < Date.now() - KEPT_MS);
  old.forEach(forgetDraft);
  return old.length > 0;
}

const CHOICE = 'choice:';

/** The user's last choice, such as a content type, which is preselected next time on this device. */
export function rememberChoice(userId: string, what: string, choice: string): void {
  write(`${CHOICE}${userId}:${what}`, choice);
}

export function rememberedChoice(userId: string, what: string): string | null {
  try {
    return device().getItem(`${CHOICE}${userId}:${what}`);
  } catch {
    return null;
  }
}

const APPEARANCE = 'appearance';

/** The color scheme of this device; null means the system's. It is kept at logout, because it is not personal. */
export function rememberAppearance(appearance: string | null): void {
  if (appearance === null) remove(APPEARANCE);
  else write(APPEARANCE, appearance);
}

export function rememberedAppearance(): string | null {
  try {
    return device().getItem(APPEARANCE);
  } catch {
    return null;
  }
}

const LOGOUT = 'logout-pending';

/** A pending logout that storage did not take; only this tab knows of it. */
let isLogoutUnstored = false;

/** Set from a logout until the server has received it; shared by all tabs if it can be stored. */
export function rememberLogout(): void {
  isLogoutUnstored = !write(LOGOUT, 'true');
}

export function isLogoutPending(): boolean {
  if (isLogoutUnstored) return true;
  try {
    return device().getItem(LOGOUT) !== null;
  } catch {
    return false;
  }
}

export function forgetLogout(): void {
  isLogoutUnstored = false;
  remove(LOGOUT);
}
