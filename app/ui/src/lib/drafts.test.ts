import { beforeEach, expect, test, vi } from 'vitest';

import * as drafts from './drafts';

const place = { userId: 'ada', text: 'content-1' };

beforeEach(() => localStorage.clear());

/** The same module as another tab of the browser has it: another name, the same storage. */
async function otherTab(): Promise<typeof drafts> {
  const name = sessionStorage.getItem('tab');
  sessionStorage.removeItem('tab');
  vi.resetModules();
  const other = await import('./drafts');
  other.ownDraft(place);
  if (name !== null) sessionStorage.setItem('tab', name);
  return other;
}

test('a draft is kept for its person and its text', () => {
  expect(drafts.saveDraft(place, { title: 'Mine' }, 'yesterday')).toBe(true);
  expect(drafts.ownDraft(place)).toMatchObject({ values: { title: 'Mine' }, base: 'yesterday' });
  expect(drafts.ownDraft({ ...place, userId: 'bob' })).toBeNull();
  expect(drafts.ownDraft({ ...place, text: 'content-2' })).toBeNull();
  expect([drafts.hasDrafts('ada'), drafts.hasDrafts('bob')]).toEqual([true, false]);
});

test('two tabs do not overwrite each other, and each finds the other’s draft', async () => {
  const other = await otherTab();
  drafts.saveDraft(place, { title: 'Here' });
  other.saveDraft(place, { title: 'There' });

  expect(drafts.ownDraft(place)?.values).toEqual({ title: 'Here' });
  expect(other.ownDraft(place)?.values).toEqual({ title: 'There' });
  expect(drafts.draftsOf(place).map((draft) => draft.values.title).sort()).toEqual(['Here', 'There']);
});

test('a draft that another tab went on with is not forgotten', async () => {
  vi.useFakeTimers({ now: 1_000 });
  const other = await otherTab();
  other.saveDraft(place, { title: 'First' });
  const [read] = drafts.draftsOf(place);
  vi.setSystemTime(2_000);
  other.saveDraft(place, { title: 'Second' });
  if (read) drafts.forgetDraft(read);
  vi.useRealTimers();
  expect(other.ownDraft(place)?.values).toEqual({ title: 'Second' });
});

test('putting a draft aside keeps it and empties its place', () => {
  drafts.saveDraft(place, { title: 'Before' });
  const aside = drafts.setOwnDraftAside(place);
  expect(drafts.ownDraft(place)).toBeNull();
  expect(drafts.draftsOf(place)).toEqual([aside]);
  expect(drafts.setOwnDraftAside(place)).toBeNull();
});

test("a logout deletes only the user’s own drafts", () => {
  drafts.saveDraft(place, { title: 'Mine' });
  drafts.saveDraft({ userId: 'bob', text: drafts.NEW_TEXT }, { title: 'His' });
  drafts.forgetAllDrafts('ada');
  expect([drafts.hasDrafts('ada'), drafts.hasDrafts('bob')]).toEqual([false, true]);
});

test.each(['', '{', 'null', '7', '{"savedAt":"x"}', '{"savedAt":1,"values":null}'])('%j in the storage is as if nothing were there', (stored) => {
  drafts.saveDraft(place, { title: 'Mine' });
  const key = drafts.ownDraft(place)?.key ?? '';
  localStorage.setItem(key, stored);
  expect(drafts.ownDraft(place)?.values ?? {}).toEqual({});
});

test('if storage is full, drafts older than a month are deleted', () => {
  vi.useFakeTimers({ now: 0 });
  drafts.saveDraft({ ...place, text: 'old' }, { title: 'Old' });
  vi.setSystemTime(100 * 24 * 60 * 60 * 1000);
  const setItem = vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  expect(drafts.saveDraft(place, { title: 'New' })).toBe(true);
  expect(setItem).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
  expect(drafts.draftsOf({ ...place, text: 'old' })).toEqual([]);
});

test('unavailable storage is reported and breaks nothing', () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError');
  });
  expect(drafts.saveDraft(place, { title: 'Mine' })).toBe(false);
});
