import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { getAccessToken, setAccessToken } from '../api/accessToken';
import { ada } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { openConnection } from './connection';

type Handler = (...values: unknown[]) => void;

/** Plays the library's socket: the test decides what arrives, and sees what is sent. */
class FakeSocket {
  active = true;
  connected = false;
  handlers = new Map<string, Handler>();
  connect = vi.fn();
  disconnect = vi.fn();
  emit = vi.fn();
  on(name: string, handler: Handler) {
    this.handlers.set(name, handler);
  }
  off() {
    this.handlers.clear();
  }
  hasListeners(name: string) {
    return this.handlers.has(name);
  }
  arrive(name: string, ...values: unknown[]) {
    this.handlers.get(name)?.(...values);
  }
}

interface Options {
  auth: (give: (auth: { token: string | null }) => void) => void;
}

const library = vi.hoisted(() => ({ io: vi.fn() }));
vi.mock('socket.io-client', () => library);

describe('the live connection', () => {
  let socket: FakeSocket;
  const listener = { onLive: vi.fn(), onDown: vi.fn(), onEvent: vi.fn(), onDelta: vi.fn() };

  beforeEach(() => {
    vi.useFakeTimers();
    socket = new FakeSocket();
    library.io.mockReset().mockReturnValue(socket);
    setAccessToken('first');
  });

  afterEach(() => vi.useRealTimers());

  async function open() {
    const { close } = openConnection(listener);
    await vi.waitFor(() => expect(library.io).toHaveBeenCalledOnce());
    return close;
  }

  test('brings the token that is valid at the time of each connection', async () => {
    await open();
    const { auth } = library.io.mock.calls[0]?.[0] as Options;
    setAccessToken('second');
    const given = await new Promise((resolve) => auth(resolve));
    expect(given).toEqual({ token: 'second', lastEventId: '' });
  });

  test('sends the id of the last event, so that the server replays missed ones', async () => {
    await open();
    const { auth } = library.io.mock.calls[0]?.[0] as Options;
    socket.arrive('events:caught-up', { lastEventId: 'a-1-0', complete: true });
    socket.arrive('content:generation:started', { contentId: 'content-1', eventId: 'a-2-0' });
    socket.arrive('content:changed', { contentId: 'content-1' });
    expect(await new Promise((resolve) => auth(resolve))).toMatchObject({ lastEventId: 'a-2-0' });
  });

  test('that is refused is tried again with a new token', async () => {
    fakeServer({ 'POST /api/auth/refresh': () => success({ user: ada, access_token: 'second' }) });
    await open();
    socket.active = false;
    socket.arrive('connect_error', new Error('Token has expired'));
    await vi.advanceTimersByTimeAsync(0);
    expect(getAccessToken()).toBe('second');
    expect(socket.connect).toHaveBeenCalledOnce();
    expect(listener.onDown).toHaveBeenCalled();
  });

  test('that is refused again and again is tried ever more slowly', async () => {
    const server = fakeServer({ 'POST /api/auth/refresh': () => success({ user: ada, access_token: 'second' }) });
    await open();
    socket.active = false;
    socket.connect.mockImplementation(() => socket.arrive('connect_error', new Error('no')));
    socket.arrive('connect_error', new Error('no'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.calls.length).toBeLessThanOrEqual(6);
  });

  test('that the network cut is left to the library', async () => {
    const server = fakeServer({});
    await open();
    socket.arrive('disconnect', 'transport close');
    socket.arrive('connect_error', new Error('websocket error'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.calls).toHaveLength(0);
    expect(socket.connect).not.toHaveBeenCalled();
  });

  test('hands over a new token when the server says that the old one ends', async () => {
    fakeServer({ 'POST /api/auth/refresh': () => success({ user: ada, access_token: 'second' }) });
    await open();
    socket.arrive('auth:expiring');
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.emit).toHaveBeenCalledWith('auth:token', { token: 'second' }, expect.any(Function));
  });

  test('counts as down if the server does not respond for some seconds', async () => {
    listener.onDown.mockReset();
    await open();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listener.onDown).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(listener.onDown).toHaveBeenCalled();
  });

  test('stays closed once it was closed, even if something was still pending', async () => {
    fakeServer({ 'POST /api/auth/refresh': () => failure(503, 'Unavailable') });
    const close = await open();
    socket.active = false;
    socket.arrive('connect_error', new Error('no'));
    close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.connect).not.toHaveBeenCalled();
    expect(socket.disconnect).toHaveBeenCalled();
  });
});
