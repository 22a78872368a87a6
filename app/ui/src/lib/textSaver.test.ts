import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ApiError, NetworkError } from '../api/errors';
import type { Content, ContentChanges } from '../api/types';
import { exampleContent } from '../test/examples';
import { TextSaver } from './textSaver';

const begun = exampleContent({ generationStatus: 'completed', generatedText: 'First words.', revision: 4 });

/** A fake server with one text, and a device that stores one draft. */
function system() {
  let stored: Content = begun;
  const asked: string[] = [];
  let fault: Error | null = null;
  /** Executes the request but loses the response. */
  let losesAnswer = false;
  const device: { kept: object | null; aside: object | null } = { kept: null, aside: null };
  const tellOfGivingWay = vi.fn();
  const saveElsewhere = (changes: ContentChanges) => {
    stored = { ...stored, ...changes, revision: (stored.revision ?? 0) + 1 };
    return stored;
  };
  const saver = new TextSaver(begun, {
    put: async (changes, revision) => {
      asked.push(`put ${Object.values(changes).join('|')}`);
      await Promise.resolve();
      if (fault) throw fault;
      if (revision !== stored.revision) throw new ApiError('changed', { status: 412 });
      saveElsewhere(changes);
      if (losesAnswer) throw new NetworkError('lost');
      return stored;
    },
    get: () => Promise.resolve(stored),
    keepVersion: () => Promise.resolve(asked.push('version')),
    keep: (fields, base) => {
      device.kept = { ...fields, base };
      return true;
    },
    forget: () => void (device.kept = null),
    setAside: () => {
      [device.aside, device.kept] = [device.kept, null];
      return true;
    },
    tellOfGivingWay,
  });
  return {
    saver,
    asked,
    device,
    tellOfGivingWay,
    saveElsewhere,
    stored: () => stored,
    fails: (error: Error | null) => (fault = error),
    losesAnswers: (loses: boolean) => (losesAnswer = loses),
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const quiet = () => vi.advanceTimersByTimeAsync(1_000);

test('a second after the last key the text is saved once, and until then kept on the device', async () => {
  const { saver, asked, device, stored } = system();
  saver.type('generatedText', 'Second');
  await vi.advanceTimersByTimeAsync(900);
  saver.type('generatedText', 'Second words.');
  expect(device.kept).toEqual({ generatedText: 'Second words.', base: 'r4' });
  await vi.advanceTimersByTimeAsync(900);
  expect(asked).toEqual([]);
  await quiet();
  expect([asked, stored().generatedText, saver.state.name, device.kept]).toEqual([['put Second words.'], 'Second words.', 'saved', null]);
  saver.receive(stored());
  saver.type('generatedText', 'Third words.');
  await quiet();
  expect([stored().generatedText, saver.state.name]).toEqual(['Third words.', 'saved']);
});

test('what is typed without a pause is saved after ten seconds', async () => {
  const { saver, asked } = system();
  for (let key = 0; key < 24; key += 1) {
    saver.type('generatedText', `words ${key}`);
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(asked).toHaveLength(1);
});

test('what is typed while a save is under way is saved after it', async () => {
  const { saver, asked, stored } = system();
  saver.type('generatedText', 'Second');
  const saving = saver.saveNow();
  saver.type('generatedText', 'Second words.');
  await saving;
  expect([asked, stored().generatedText]).toEqual([['put Second', 'put Second words.'], 'Second words.']);
});

test('without a network it is tried again by itself, and kept meanwhile', async () => {
  const { saver, device, stored, fails } = system();
  fails(new NetworkError('no network'));
  saver.type('generatedText', 'In a tunnel.');
  await quiet();
  expect([saver.state, device.kept]).toEqual([{ name: 'away', message: 'offline' }, { generatedText: 'In a tunnel.', base: 'r4' }]);
  saver.type('generatedText', 'In a long tunnel.');
  expect(device.kept).toMatchObject({ generatedText: 'In a long tunnel.' });
  fails(null);
  saver.retry();
  await quiet();
  expect([stored().generatedText, device.kept, saver.state.name]).toEqual(['In a long tunnel.', null, 'saved']);
});

test('a save whose answer was lost is no conflict with what is saved after it', async () => {
  const { saver, stored, losesAnswers } = system();
  losesAnswers(true);
  saver.type('generatedText', 'Arrived.');
  await quiet();
  losesAnswers(false);
  saver.type('generatedText', 'Arrived, and more.');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([saver.state.name, stored().generatedText]).toEqual(['saved', 'Arrived, and more.']);
});

test('another text that was saved first is a question; keeping mine makes it a version', async () => {
  const { saver, asked, stored, saveElsewhere } = system();
  saver.type('generatedText', 'Mine.');
  saveElsewhere({ generatedText: 'Theirs.' });
  await quiet();
  expect(saver.state).toMatchObject({ name: 'conflict', theirs: { generatedText: 'Theirs.' } });
  const { state } = saver;
  await expect(saver.saveNow()).rejects.toThrow('in another tab');
  expect(saver.state, 'not asked a second time').toBe(state);
  saver.type('generatedText', 'Mine, and more.');
  await saver.keepMine();
  expect(stored().generatedText).toBe('Mine, and more.');
  expect(asked.slice(-2)).toEqual(['version', 'put Mine, and more.']);
});

test('using the other one leaves mine on the device', async () => {
  const { saver, device, saveElsewhere } = system();
  saver.type('generatedText', 'Mine.');
  saveElsewhere({ generatedText: 'Theirs.' });
  await quiet();
  saver.useTheirs();
  expect([saver.typed.generatedText, saver.state.name]).toEqual(['Theirs.', 'saved']);
  expect(device).toMatchObject({ kept: null, aside: { generatedText: 'Mine.' } });
});

test('what is typed while the text is written again elsewhere is put aside, said, and not in the way of the new text', async () => {
  const { saver, asked, device, tellOfGivingWay, saveElsewhere } = system();
  saver.type('generatedText', 'Mine.');
  saver.receive({ ...begun, generationStatus: 'processing' });
  expect([saver.typed.generatedText, saver.state.name]).toEqual(['First words.', 'saved']);
  expect(device).toMatchObject({ kept: null, aside: { generatedText: 'Mine.', base: 'r4' } });
  expect(tellOfGivingWay).toHaveBeenCalledTimes(1);

  saver.receive(saveElsewhere({ generatedText: 'Written again.' }));
  await quiet();
  expect([saver.typed.generatedText, asked]).toEqual(['Written again.', []]);
});

test('a change of another field elsewhere is no conflict: both are kept', async () => {
  const { saver, stored, saveElsewhere } = system();
  saver.type('generatedText', 'Mine.');
  saveElsewhere({ title: 'Their title', status: 'published' });
  await quiet();
  expect(stored()).toMatchObject({ generatedText: 'Mine.', title: 'Their title', status: 'published' });
  expect(saver.typed.title).toBe('Their title');
});

test('a text that was restored is shown, and the next save does not undo it', async () => {
  const { saver, stored, saveElsewhere } = system();
  saver.type('generatedText', 'Unsaved.');
  expect(await saver.saveNow()).toBe(5);
  saver.receive(saveElsewhere({ generatedText: 'Restored.' }));
  expect(saver.typed.generatedText).toBe('Restored.');
  saver.type('generatedText', 'Restored. And more.');
  await quiet();
  expect(stored().generatedText).toBe('Restored. And more.');
  saver.receive(begun);
  expect(saver.typed.generatedText).toBe('Restored. And more.');
});

test('a text that was taken out is saved only when that is meant', async () => {
  const { saver, asked, device, stored } = system();
  saver.type('generatedText', ' \n');
  await quiet();
  expect([saver.state.name, asked]).toEqual(['empty', []]);
  expect(device.kept).toMatchObject({ generatedText: ' \n' });
  await saver.saveEmpty();
  expect([asked, stored().generatedText, saver.state.name]).toEqual([['version', 'put  \n'], ' \n', 'saved']);
});

test('a title that cannot be is not sent; a refusal is said, and the next key tries again', async () => {
  const { saver, asked, fails } = system();
  saver.type('title', ' ');
  await quiet();
  expect(asked).toEqual([]);
  fails(new ApiError('Not valid', { status: 422, fieldErrors: [{ field: 'title', message: 'Too long.' }] }));
  saver.type('title', 'Other');
  await quiet();
  expect(saver.state).toEqual({ name: 'refused', message: 'Too long.' });
  fails(null);
  saver.type('title', 'Another');
  await quiet();
  expect(saver.state.name).toBe('saved');
});

test('an edit from the device goes on over the revision that it began with', async () => {
  const { saver, stored } = system();
  saver.takeUp({ generatedText: 'Kept.' }, 'r4', begun);
  await quiet();
  expect(stored().generatedText).toBe('Kept.');

  const late = system();
  const current = late.saveElsewhere({ generatedText: 'Theirs.' });
  late.saver.receive(current);
  late.saver.takeUp({ generatedText: 'Kept.' }, 'r4', current);
  await quiet();
  expect(late.saver.state.name).toBe('conflict');
});
