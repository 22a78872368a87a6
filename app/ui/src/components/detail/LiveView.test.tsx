import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { contentKeys } from '../../api/contentCache';
import type { Content } from '../../api/types';
import { begin, forgetLiveText } from '../../realtime/liveTexts';
import { clearRetryNote, setRetryNote } from '../../realtime/retryNotes';
import { exampleContent } from '../../test/examples';
import { failure, fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import ContentDetail from '../../pages/ContentDetail';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const GET = 'GET /api/content/content-1';
const AGAIN = 'POST /api/content/content-1/generate';
const VERSIONS = 'GET /api/content/content-1/versions';
const surroundings = { at: '/contents/content-1', path: '/contents/:id' };
const writing = { generationStatus: 'processing', attempt: 1 } as const;

/** Opens the page of a content as it is stored. */
async function open(changes: Partial<Content>, answers: Parameters<typeof fakeServer>[0] = {}) {
  const content = exampleContent(changes);
  const server = fakeServer({ [GET]: () => success(content), ...answers });
  const page = renderPage(<ContentDetail />, surroundings);
  await screen.findByRole('heading', { level: 1, name: content.title });
  return { server, ...page, show: (next: Partial<Content>) => act(() => page.queries.setQueryData(contentKeys.detail('content-1'), { ...content, ...next })) };
}

const write = (text: string, attempt = 1) => act(() => begin('content-1', { jobId: 'job-1', attempt, text }));
/** Waits until everything so far has been announced. */
const announced = () => act(() => new Promise((resolve) => setTimeout(resolve)));
const said = () => screen.getAllByRole('status').map((each) => each.textContent).join(' ');

const version = (source: string, number: number) => ({
  number, source, title: 'Balcony tomatoes', words: 2, excerpt: 'Half a', model: 'm', usage: null, jobId: 'job-1', createdAt: '2026-11-22T12:00:00Z',
});
const keptAs = (source: string, text: string) => ({
  [VERSIONS]: () => success({ versions: [version(source, 3)], pagination: { total: 1, page: 1, totalPages: 1, limit: 20 } }),
  [`${VERSIONS}/3`]: () => success({ ...version(source, 3), text }),
});

afterEach(() =>
  act(() => {
    forgetLiveText('content-1');
    clearRetryNote('content-1');
  }),
);

describe('a text on its way', () => {
  test('shows its words as they come, and how many there are', async () => {
    await open(writing);
    expect(screen.getByText('Writing…')).toBeVisible();
    write('Balconies are **sun');
    expect(await screen.findByText('Writing… 3 words')).toBeVisible();
    expect(await screen.findByText('sun')).toHaveProperty('tagName', 'STRONG');
    write('Balconies are **sunny** places.');
    expect(await screen.findByText('Writing… 4 words')).toBeVisible();
    expect(await screen.findByText('sunny')).toBeVisible();
  });

  test('tells a screen reader the start, each hundred words and the end, and not the words', async () => {
    const { show } = await open(writing);
    await waitFor(() => expect(said()).toContain('Your text is being written.'));
    write('word '.repeat(99));
    await screen.findByText('Writing… 99 words');
    expect(said()).not.toMatch(/\d/);
    write('word '.repeat(250));
    await waitFor(() => expect(said()).toContain('200 words.'));
    void show({ generationStatus: 'completed', generatedText: 'word '.repeat(260) });
    await waitFor(() => expect(said()).toContain('The text is ready: 260 words.'));
    void show({ generationStatus: 'completed', generatedText: 'word '.repeat(270) });
    await screen.findByText(/^270 words/);
    await announced();
    expect(said()).toContain('The text is ready: 260 words.');
  });

  test('that is finished is not announced when it is opened', async () => {
    await open({ generationStatus: 'completed', generatedText: 'Some words' });
    await announced();
    expect(said()).not.toContain('The text is ready');
  });

  test('shows nothing of another generation', async () => {
    await open(writing);
    act(() => begin('content-1', { jobId: 'job-0', attempt: 1, text: 'Old words' }));
    expect(screen.queryByText('Old words')).toBeNull();
    expect(screen.getByText('Writing…')).toBeVisible();
  });

  test('that is stopped keeps its words, and goes on as a new attempt', async () => {
    const cancelled = exampleContent({ generationStatus: 'cancelled', attempt: 1 });
    let isStopped = false;
    const { server } = await open(writing, {
      [GET]: () => success(isStopped ? cancelled : exampleContent(writing)),
      'POST /api/content/content-1/cancel': () => {
        isStopped = true;
        return success(cancelled);
      },
      [AGAIN]: () => success(exampleContent({ jobId: 'job-2', ...writing }), 202),
      ...keptAs('partial', 'Half a text'),
    });
    write('Half a text');
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(await screen.findByText('Stopped. You kept 3 words.')).toBeVisible();
    expect(await screen.findByText('Half a text')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
    await waitFor(() => expect(server.callsTo(AGAIN)).toHaveLength(1));
    const [call] = server.callsTo(AGAIN);
    expect(call?.body).toMatchObject({ runAt: 'now', instruction: expect.stringContaining('Half a text') as string });
    expect(call?.headers.get('Idempotency-Key')).toBeTruthy();
    expect(await screen.findByText('Writing…')).toBeVisible();
    expect(screen.queryByText('Half a text')).toBeNull();
  });

  test('that was stopped shows its partial text after a reload, which can be used as it is', async () => {
    const used = exampleContent({ generationStatus: 'cancelled', generatedText: 'Half a text', revision: 5 });
    const { server } = await open(
      { generationStatus: 'cancelled', revision: 4 },
      { ...keptAs('partial', 'Half a text'), 'POST /api/content/content-1/versions/3/restore': () => success(used) },
    );
    expect(await screen.findByText('Stopped. You kept 3 words.')).toBeVisible();
    await userEvent.click(await screen.findByRole('button', { name: 'Use as it is' }));
    expect(await screen.findByRole('textbox', { name: 'Text' })).toHaveTextContent('Half a text');
    expect(server.callsTo('POST /api/content/content-1/versions/3/restore')[0]?.headers.get('If-Match')).toBe('"4"');
  });

  test('that was stopped before the first word says so', async () => {
    await open({ generationStatus: 'cancelled' }, { [VERSIONS]: () => success({ versions: [], pagination: {} }) });
    expect(await screen.findByText('Stopped before the first word.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
  });

  test('a stop that comes too late shows the text instead of an error', async () => {
    const done = exampleContent({ generationStatus: 'completed', generatedText: 'All of it.' });
    let isDone = false;
    await open(writing, {
      [GET]: () => success(isDone ? done : exampleContent(writing)),
      'POST /api/content/content-1/cancel': () => {
        isDone = true;
        return failure(409, 'The generation has finished');
      },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(await screen.findByText('All of it.')).toBeVisible();
  });

  test('that is written again shows the new words, and the old text folded until it is done', async () => {
    await open({ ...writing, generatedText: 'The old text.' });
    write('New words');
    expect(await screen.findByText('New words')).toBeVisible();
    expect(screen.getByText('The text until now')).toBeVisible();
    expect(screen.queryByText('The old text.')).toBeNull();
  });

  test('that was rejected is collapsed, with the reason in plain words', async () => {
    await open({ ...writing, attempt: 2 });
    act(() => setRetryNote('content-1', { attempt: 2, maxAttempts: 3, reason: 'AI service returned a text that is too short', retryAt: 0 }));
    write('Too short');
    write('The second one', 2);
    expect(await screen.findByText('That attempt was too short, so we’re trying again (2 of 3).')).toBeVisible();
    expect(screen.getByText('The text that was not good enough')).toBeVisible();
    expect(await screen.findByText('The second one')).toBeVisible();
    expect(screen.queryByText('Too short')).toBeNull();
  });

  test('that failed says why without naming a provider, and is tried again in its place', async () => {
    const { server } = await open(
      { generationStatus: 'failed', failureReason: 'Invalid or missing Gemini API key', failureCode: 'invalid_key' },
      { [AGAIN]: () => success(exampleContent({ jobId: 'job-2' }), 202), [VERSIONS]: () => success({ versions: [], pagination: {} }) },
    );
    const panel = await screen.findByRole('region', { name: 'What went wrong' });
    expect(panel).not.toHaveTextContent(/gemini/i);
    expect(within(panel).getByText(/isn’t connected to an AI service/)).toBeVisible();
    await userEvent.click(within(panel).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^In line/)).toBeVisible();
    expect(server.callsTo(AGAIN)).toHaveLength(1);
  });

  test('whose last attempt was rejected can be used anyway', async () => {
    await open({ generationStatus: 'failed', failureCode: 'too_short', failureReason: 'too short' }, keptAs('refused', 'Short but fine'));
    expect(await screen.findByRole('button', { name: 'Use the last attempt' })).toBeVisible();
    expect(screen.getByText('The text that was not good enough')).toBeVisible();
  });

  test('shows no failure once the text was written by hand', async () => {
    await open({ generationStatus: 'failed', failureReason: 'Quota', generatedText: 'By hand.' });
    expect(screen.queryByRole('region', { name: 'What went wrong' })).toBeNull();
    expect(await screen.findByText('By hand.')).toBeVisible();
  });

  test('can be requested differently: a running generation is cancelled first', async () => {
    const { server } = await open(writing, {
      'POST /api/content/content-1/cancel': () => success(exampleContent({ generationStatus: 'cancelled' })),
      [AGAIN]: () => success(exampleContent({ jobId: 'job-2', prompt: 'Herbs' }), 202),
    });
    await userEvent.clear(screen.getByLabelText('Brief'));
    await userEvent.type(screen.getByLabelText('Brief'), 'Herbs');
    await userEvent.type(screen.getByLabelText('Words'), '120');
    await userEvent.type(screen.getByLabelText('Keywords'), 'basil, thyme');
    await userEvent.click(screen.getByRole('button', { name: 'Write this instead' }));
    await waitFor(() => expect(server.callsTo(AGAIN)).toHaveLength(1));
    expect(server.calls.filter((call) => call.method === 'POST').map((call) => call.path)).toEqual([
      '/api/content/content-1/cancel',
      '/api/content/content-1/generate',
    ]);
    expect(server.callsTo(AGAIN)[0]?.body).toEqual({ runAt: 'now', prompt: 'Herbs', brief: { words: 120, keywords: ['basil', 'thyme'] } });
    expect(localStorage).toHaveLength(0);
  });

  test('an edited request survives a reload, and the server’s errors are shown at their fields', async () => {
    const first = await open({ generationStatus: 'completed', generatedText: 'Done.' });
    await userEvent.type(screen.getByLabelText('Keywords'), 'basil');
    first.unmount();
    await open(
      { generationStatus: 'completed', generatedText: 'Done.' },
      { [AGAIN]: () => failure(422, 'Validation failed', [{ field: 'brief.keywords.0', message: 'Too long.' }]) },
    );
    expect(screen.getByLabelText('Keywords')).toHaveValue('basil');
    await userEvent.click(screen.getByRole('button', { name: 'Write it again' }));
    expect(await screen.findByText('Too long.')).toBeVisible();
    expect(screen.getByLabelText('Keywords')).toHaveFocus();
  });
});

describe('a text in line', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOON, shouldAdvanceTime: true }));
  afterEach(() => vi.useRealTimers());

  test('counts down to its time, second by second, and then to nothing less', async () => {
    await open({ dueAt: '2026-11-22T12:01:00Z' });
    expect(screen.getByRole('timer')).toHaveTextContent('1:00');
    act(() => void vi.advanceTimersByTime(53_000));
    expect(screen.getByRole('timer')).toHaveTextContent('0:07');
    act(() => void vi.advanceTimersByTime(20_000));
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.getByText('In line. Writing begins any moment now.')).toBeVisible();
  });

  test('that is planned for another day says which, instead of counting seconds', async () => {
    await open({ dueAt: '2026-12-12T12:00:00Z' });
    await waitFor(() => expect(screen.getAllByText(/^Writing begins: Dec 12, /)).toHaveLength(2)); // shown and spoken
    expect(screen.queryByRole('timer')).toBeNull();
  });

  test('says how many come first', async () => {
    await open({ dueAt: '2026-11-22T12:01:00Z', position: 3 });
    expect(screen.getByText('In line: 3 ahead of you. Writing begins in')).toBeVisible();
  });

  test('says if its batch is paused, instead of a time', async () => {
    await open({ dueAt: null, createdAt: '2026-11-22T12:00:00Z', batchId: 'batch-1' });
    const progress = within(screen.getByRole('region', { name: 'Progress' }));
    expect(progress.getByText('Its batch is paused.')).toBeVisible();
    expect(progress.queryByRole('timer')).toBeNull();
    expect(progress.getByRole('button', { name: 'Write now' })).toBeVisible();
  });

  test('can be hurried', async () => {
    await open(
      { dueAt: '2026-11-22T12:01:00Z' },
      { 'POST /api/content/content-1/run-now': () => success(exampleContent({ dueAt: '2026-11-22T12:00:00Z' })) },
    );
    act(() => screen.getByRole('button', { name: 'Write now' }).click());
    expect(await screen.findByText('In line. Writing begins any moment now.')).toBeVisible();
  });

  test('between two attempts says which follows, when and why', async () => {
    act(() => setRetryNote('content-1', { attempt: 2, maxAttempts: 3, reason: 'AI service timeout', retryAt: NOON + 4_000 }));
    await open(writing);
    expect(screen.getByText(/The AI service didn’t answer, so we’re trying again \(2 of 3\)/)).toBeVisible();
    expect(screen.getByRole('timer')).toHaveTextContent('0:04');
    act(() => void vi.advanceTimersByTime(5_000));
    expect(screen.getByText('Writing…')).toBeVisible();
  });

  test('knows from the content alone that an attempt follows, as after a reload', async () => {
    await open({ generationStatus: 'processing', attempt: 2, dueAt: '2026-11-22T12:00:03Z' });
    expect(screen.getByText(/trying again \(3 of 3\)/)).toBeVisible();
  });
});
