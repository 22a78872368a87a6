import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ApiError } from '../api/errors';
import type { RewriteRequest } from '../api/rewrites';
import type { Content } from '../api/types';
import { tellOfRewrite } from '../realtime/rewriteNews';
import { exampleContent } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import type { Passage } from './passages';
import { Rewriting } from './rewriting';

const TEXT = '👩‍👩‍👧 Bees dance. Bees sing.';
const PATH = '/api/content/content-1/rewrites';
const POST = `POST ${PATH}`;
const stored = exampleContent({ generatedText: TEXT, generationStatus: 'completed', revision: 4 });

/** A server that answers a request with one rewrite, and a page that shows its content. */
function desk(answers: Parameters<typeof fakeServer>[0] = {}) {
  let content = stored;
  let answer: { status: string; replacement: string | null; failureReason: string | null } = { status: 'pending', replacement: null, failureReason: null };
  const accepted: string[] = [];
  const server = fakeServer({
    [POST]: () => success({ id: 'r1', status: 'pending' }, 202),
    [`GET ${PATH}/r1`]: () => success({ id: 'r1', ...answer }),
    [`POST ${PATH}/r1/accept`]: ({ body }) => {
      const { start } = body as { start: number };
      const characters = Array.from(content.generatedText);
      characters.splice(start, 4, answer.replacement ?? '');
      return success((content = { ...content, generatedText: characters.join(''), revision: (content.revision ?? 0) + 1 }));
    },
    ...answers,
  });
  const host = {
    saved: vi.fn(() => Promise.resolve(content)),
    reloaded: vi.fn(() => Promise.resolve(content)),
    accepted: (changed: Content, _passage: Passage, replacement: string) => {
      accepted.push(`${replacement} in ${changed.generatedText}`);
    },
  };
  const rewriting = new Rewriting('content-1', TEXT, host);
  return {
    server,
    host,
    rewriting,
    accepted,
    edit: (text: string) => {
      content = { ...content, generatedText: text, revision: (content.revision ?? 0) + 1 };
      rewriting.textIs(text);
    },
    ask: (words = 'sing') => {
      const from = TEXT.indexOf(words);
      return rewriting.propose([{ wish: { action: 'shorten' }, purpose: 'Shorter', group: 'test', passage: { from, to: from + words.length } }])[0] ?? '';
    },
    answer: async (given: Partial<typeof answer>) => {
      answer = { ...answer, status: 'completed', ...given };
      tellOfRewrite('r1');
      await settled();
    },
    only: () => rewriting.proposals()[0],
  };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a passage', () => {
  test('is requested in code points, shown after its event, and accepted at its position', async () => {
    const { server, ask, answer, only, rewriting, accepted } = desk();
    const id = ask();
    await settled();
    const body = server.callsTo(POST)[0]?.body as RewriteRequest;
    expect(body).toEqual({ action: 'shorten', start: Array.from(TEXT.slice(0, TEXT.indexOf('sing'))).length, end: body.start + 4, quote: 'sing' });
    expect(only()?.state).toBe('writing');
    await answer({ replacement: 'hum' });
    expect(only()).toMatchObject({ state: 'ready', replacement: 'hum' });
    expect(accepted).toEqual([]);
    expect(await rewriting.accept(id)).toBe(true);
    expect(accepted).toEqual([`hum in ${TEXT.replace('sing', 'hum')}`]);
    expect(server.callsTo(`POST ${PATH}/r1/accept`)[0]?.headers.get('If-Match')).toBe('"4"');
    expect(rewriting.proposals()).toEqual([]);
  });

  test('is looked for every few seconds when no socket tells of it', async () => {
    const { server, ask, only } = desk({ [`GET ${PATH}/r1`]: () => success({ status: 'completed', replacement: 'hum', failureReason: null }) });
    ask();
    await settled();
    expect(server.callsTo(`GET ${PATH}/r1`)).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(only()?.state).toBe('ready');
  });

  test('is accepted at its new position if the text around it was edited', async () => {
    const { server, ask, answer, edit, rewriting, accepted } = desk();
    const id = ask();
    await settled();
    edit(`More. 🐝 ${TEXT}`);
    await answer({ replacement: 'hum' });
    await rewriting.accept(id);
    expect(accepted).toEqual([`hum in More. 🐝 ${TEXT.replace('sing', 'hum')}`]);
    expect(server.callsTo(`POST ${PATH}/r1/accept`)[0]?.headers.get('If-Match')).toBe('"5"');
  });

  test('that was edited itself is not replaced, and can be once the edit is undone', async () => {
    const { server, ask, answer, edit, rewriting, only } = desk();
    const id = ask();
    await settled();
    await answer({ replacement: 'hum' });
    edit(TEXT.replace('sing', 'sting'));
    expect(only()).toMatchObject({ state: 'ready', passage: null });
    expect(await rewriting.accept(id)).toBe(false);
    expect(only()?.note).toBe('This passage has changed in the meantime.');
    expect(server.callsTo(`POST ${PATH}/r1/accept`)).toEqual([]);
    edit(TEXT);
    expect(await rewriting.accept(id)).toBe(true);
  });

  test('is requested again for the newest text if the server says that it has changed', async () => {
    let tries = 0;
    const { host, ask, only } = desk({
      [POST]: () => ((tries += 1) === 1 ? changed('text_changed', 409) : success({ id: 'r1', status: 'pending' }, 202)),
    });
    ask();
    await settled();
    expect([tries, only()?.state]).toEqual([2, 'writing']);
    expect(host.reloaded).toHaveBeenCalledOnce();
  });

  test('is accepted against a revision made elsewhere', async () => {
    let tries = 0;
    const { host, ask, answer, rewriting } = desk({
      [`POST ${PATH}/r1/accept`]: () => ((tries += 1) === 1 ? failure(412, 'Changed') : success({ ...stored, revision: 9 })),
    });
    const id = ask();
    await settled();
    await answer({ replacement: 'hum' });
    expect(await rewriting.accept(id)).toBe(true);
    expect([tries, host.reloaded.mock.calls.length]).toEqual([2, 1]);
  });

  test('waits without a network, and goes on under the same request when it is back', async () => {
    let isAway = true;
    const { server, ask, only } = desk({
      [POST]: () => (isAway ? Promise.reject(new TypeError('no network')) : success({ id: 'r1', status: 'pending' }, 202)),
    });
    ask();
    await settled();
    expect(only()).toMatchObject({ state: 'asking', note: expect.stringMatching(/offline/) as string });
    isAway = false;
    window.dispatchEvent(new Event('online'));
    await settled();
    expect(only()).toMatchObject({ state: 'writing', note: null });
    expect(new Set(server.callsTo(POST).map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
  });

  test('waits its turn when the server has too many, and says so', async () => {
    let isFull = true;
    const { ask, only } = desk({ [POST]: () => (isFull ? failure(429, 'Too many') : success({ id: 'r1', status: 'pending' }, 202)) });
    ask();
    await settled();
    expect(only()?.note).toMatch(/^Many passages/);
    isFull = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(only()?.state).toBe('writing');
  });

  test('fails with the server’s reason, and can be requested again', async () => {
    const { server, ask, answer, only, rewriting } = desk();
    const id = ask();
    await settled();
    await answer({ status: 'failed', failureReason: 'Blocked' });
    expect(only()).toMatchObject({ state: 'failed', note: 'Blocked' });
    rewriting.again(id);
    await settled();
    expect(only()?.state).toBe('writing');
    expect(new Set(server.callsTo(POST).map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(2);
  });

  test('of a used-up quota fails at once', async () => {
    const { ask, only, host } = desk();
    host.saved.mockRejectedValue(new ApiError('Nothing left today', { status: 429, code: 'quota_exceeded' }));
    ask();
    await settled();
    expect(only()).toMatchObject({ state: 'failed', note: 'Nothing left today' });
  });
});

test('only some are requested at once; those accepted together find their positions', async () => {
  const text = 'one two three four five';
  let content = { ...stored, generatedText: text };
  let count = 0;
  const words = new Map<string, RewriteRequest>();
  const answers: Parameters<typeof fakeServer>[0] = {
    [POST]: ({ body }) => {
      words.set(`r${(count += 1)}`, body as RewriteRequest);
      return success({ id: `r${count}` }, 202);
    },
  };
  for (let number = 1; number <= 5; number += 1) {
    const rewrite = () => `${words.get(`r${number}`)?.quote ?? ''}!!`;
    answers[`GET ${PATH}/r${number}`] = () => success({ status: 'completed', replacement: rewrite(), failureReason: null });
    answers[`POST ${PATH}/r${number}/accept`] = ({ body }) => {
      const { start } = body as { start: number };
      const { generatedText: before } = content;
      content = { ...content, generatedText: before.slice(0, start) + rewrite() + before.slice(start + rewrite().length - 2) };
      return success(content);
    };
  }
  fakeServer(answers);
  const get = () => Promise.resolve(content);
  const rewriting = new Rewriting('content-1', text, { saved: get, reloaded: get, accepted: () => undefined });
  const passages = text.split(' ').map((word) => ({ from: text.indexOf(word), to: text.indexOf(word) + word.length }));
  const ids = rewriting.propose(passages.map((passage) => ({ wish: { action: 'fix' }, purpose: '', group: '', passage })));
  await settled();
  expect(count).toBe(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(rewriting.proposals().map(({ state }) => state)).toEqual(Array(5).fill('ready'));
  await Promise.all([3, 0, 4, 1, 2].map((index) => rewriting.accept(ids[index] ?? '')));
  expect(content.generatedText).toBe('one!! two!! three!! four!! five!!');
});

function changed(code: string, status: number): Response {
  return new Response(JSON.stringify({ success: false, message: 'Changed', code }), { status });
}
