import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createFollowing, type Ask } from './following';
import { forgetLiveText, useLiveText } from './liveTexts';

const answer = (text: string, attempt = 1, jobId = 'job-1') => ({ ok: true, jobId, attempt, text, status: 'processing' });
const piece = (offset: number, text: string, attempt = 1, jobId = 'job-1') => ({ contentId: 'content-1', jobId, attempt, offset, text });

/** Follows content-1 with a server that the test plays. */
function followed() {
  const ask = vi.fn<Ask>();
  const following = createFollowing();
  const { result } = renderHook(() => useLiveText('content-1'));
  return {
    ask,
    following,
    asked: () => ask.mock.calls.filter(([name]) => name === 'content:follow').length,
    hear: (...pieces: object[]) => act(() => pieces.forEach((each) => following.delta(each))),
    now: () => result.current,
  };
}

async function begun(text = '') {
  const all = followed();
  all.ask.mockResolvedValueOnce(answer(text));
  all.following.connected((...event) => all.ask(...event));
  const leave = all.following.follow('content-1');
  await act(() => vi.advanceTimersByTimeAsync(0));
  return { ...all, leave };
}

describe('a text that is followed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    act(() => forgetLiveText('content-1'));
    vi.useRealTimers();
  });

  test('is what the server has so far, and grows by each piece', async () => {
    const { hear, now } = await begun('Sun ');
    hear(piece(4, 'and '), piece(8, 'water'));
    expect(now()?.text).toBe('Sun and water');
  });

  test('counts in code points, as the server does', async () => {
    const { hear, now, asked } = await begun('🍅🍅');
    hear(piece(2, ' ripe 🍅'), piece(9, '!'));
    expect(now()?.text).toBe('🍅🍅 ripe 🍅!');
    expect(asked()).toBe(1);
  });

  test('skips the repeated part of a piece', async () => {
    const { hear, now } = await begun('One two');
    hear(piece(4, 'two three'), piece(4, 'two'));
    expect(now()?.text).toBe('One two three');
  });

  test('is fetched again if a piece is missing', async () => {
    const { hear, now, asked, ask } = await begun('One');
    ask.mockResolvedValueOnce(answer('One two three'));
    hear(piece(8, 'three'), piece(13, ' four'));
    expect(now()?.text).toBe('One');
    expect(asked()).toBe(2);
    await act(() => vi.advanceTimersByTimeAsync(0));
    hear(piece(13, ' four'));
    expect(now()?.text).toBe('One two three four');
  });

  test('restarts with the next attempt, and keeps the rejected text separately', async () => {
    const { hear, now } = await begun('Too short');
    hear(piece(0, 'Long', 2), piece(9, ' late', 1), piece(4, ' enough', 2));
    expect(now()).toMatchObject({ attempt: 2, text: 'Long enough', refused: { attempt: 1, text: 'Too short' } });
  });

  test('restarts at offset 0 within the same attempt, without a rejected text', async () => {
    const { hear, now } = await begun('Lost with Redis');
    hear(piece(0, 'Again'));
    expect(now()).toMatchObject({ attempt: 1, text: 'Again', refused: null });
  });

  test('of another generation never shows here', async () => {
    const { hear, now, asked, ask } = await begun('Mine');
    ask.mockResolvedValueOnce(answer('New', 1, 'job-2'));
    hear(piece(4, ' theirs', 1, 'job-2'));
    expect(now()?.text).toBe('Mine');
    expect(asked()).toBe(2);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(now()).toMatchObject({ jobId: 'job-2', text: 'New', refused: null });
  });

  test('is requested again on every connection, and responses of old connections are ignored', async () => {
    const { following, now, asked, ask, hear } = await begun('One');
    let late: (value: unknown) => void = () => undefined;
    ask.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    hear(piece(9, 'gap'));
    following.disconnected();
    ask.mockResolvedValueOnce(answer('One two'));
    following.connected((...event) => ask(...event));
    await act(() => vi.advanceTimersByTimeAsync(0));
    await act(async () => {
      late(answer('Old'));
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(now()?.text).toBe('One two');
    expect(asked()).toBe(3);
  });

  test('is requested again if the server does not acknowledge', async () => {
    const { ask, following, asked, now } = followed();
    ask.mockRejectedValueOnce(new Error('timeout')).mockResolvedValueOnce(answer('Here'));
    following.connected((...event) => ask(...event));
    following.follow('content-1');
    await act(() => vi.advanceTimersByTimeAsync(2_500));
    expect(asked()).toBe(2);
    expect(now()?.text).toBe('Here');
  });

  test('is left a moment after the last page has left it, and not when one came back', async () => {
    const { ask, leave, following } = await begun();
    ask.mockResolvedValue(answer(''));
    leave();
    const leaveAgain = following.follow('content-1');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ask).not.toHaveBeenCalledWith('content:unfollow', expect.anything());
    leaveAgain();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ask).toHaveBeenCalledWith('content:unfollow', { contentId: 'content-1' });
  });

  test('that is not the person’s, and anything malformed, shows nothing', async () => {
    const { ask, following, now, hear } = followed();
    ask.mockResolvedValue({ ok: false, message: 'Content not found' });
    following.connected((...event) => ask(...event));
    following.follow('content-1');
    await act(() => vi.advanceTimersByTimeAsync(0));
    hear({}, { contentId: 'content-1', offset: 'x' });
    expect(now()).toBeNull();
  });
});
