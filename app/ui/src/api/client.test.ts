import { afterEach, describe, expect, test, vi } from 'vitest';

import { ada } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { getAccessToken, setAccessToken } from './accessToken';
import { request } from './client';
import { ApiError, NetworkError } from './errors';
import { logOut, onSessionChange, refreshSession } from './session';

const session = (token: string) => success({ user: ada, access_token: token });
const onlyWith = (token: string) => (call: { headers: Headers }) =>
  call.headers.get('Authorization') === `Bearer ${token}` ? success('secret') : failure(401, 'Token has expired');

describe('a request with an expired access token', () => {
  afterEach(() => onSessionChange(() => undefined));

  test('is repeated after one refresh, however many requests wait for it', async () => {
    setAccessToken('old');
    const server = fakeServer({ 'GET /api/content': onlyWith('new'), 'POST /api/auth/refresh': () => session('new') });

    const answers = await Promise.all(Array.from({ length: 8 }, () => request({ path: '/content' })));

    expect(answers).toEqual(Array(8).fill('secret'));
    expect(server.callsTo('POST /api/auth/refresh')).toHaveLength(1);
    expect(server.callsTo('GET /api/content')).toHaveLength(16);
  });

  test('asks for the cookie way, and sends no token in the body', async () => {
    setAccessToken('old');
    const server = fakeServer({ 'GET /api/content': onlyWith('new'), 'POST /api/auth/refresh': () => session('new') });

    await request({ path: '/content' });

    const [refresh] = server.callsTo('POST /api/auth/refresh');
    expect(refresh?.headers.get('X-Auth-Transport')).toBe('cookie');
    expect(refresh?.body).toEqual({});
  });

  test('is repeated without a refresh if another request has already renewed the token', async () => {
    setAccessToken('old');
    const server = fakeServer({
      'GET /api/content': (call) => {
        setAccessToken('new');
        return onlyWith('new')(call);
      },
      'POST /api/auth/refresh': () => session('newer'),
    });

    await expect(request({ path: '/content' })).resolves.toBe('secret');
    expect(server.callsTo('POST /api/auth/refresh')).toHaveLength(0);
  });

  test('ends the session once when the refresh is refused', async () => {
    setAccessToken('old');
    const changes = vi.fn();
    onSessionChange(changes);
    fakeServer({ 'GET /api/content': onlyWith('new'), 'POST /api/auth/refresh': () => failure(401, 'Authentication required') });

    const answers = await Promise.allSettled([request({ path: '/content' }), request({ path: '/content' })]);

    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    expect(changes.mock.calls).toEqual([[null]]);
    expect(getAccessToken()).toBeNull();
  });

  test('keeps the session when the server is only unavailable', async () => {
    setAccessToken('old');
    const changes = vi.fn();
    onSessionChange(changes);
    fakeServer({ 'GET /api/content': onlyWith('new'), 'POST /api/auth/refresh': () => failure(503, 'Unavailable') });

    await expect(request({ path: '/content' })).rejects.toMatchObject({ status: 503 });
    expect(changes).not.toHaveBeenCalled();
  });

  test('is refreshed beforehand when the token says that it is too old', async () => {
    const payload = btoa(JSON.stringify({ iat: 1000, exp: 1000 }));
    setAccessToken(`head.${payload}.signature`);
    const server = fakeServer({ 'GET /api/content': onlyWith('new'), 'POST /api/auth/refresh': () => session('new') });
    vi.useFakeTimers({ now: Date.now() + 5_000 });

    setAccessToken(`head.${btoa(JSON.stringify({ iat: 1000, exp: 1002 }))}.signature`);
    vi.advanceTimersByTime(3_000);
    await request({ path: '/content' });
    vi.useRealTimers();

    expect(server.calls.map((call) => call.path)).toEqual(['/api/auth/refresh', '/api/content']);
  });
});

test('a refresh that was under way does not bring back a session that was logged out', async () => {
  const changes = vi.fn();
  onSessionChange(changes);
  fakeServer({ 'POST /api/auth/refresh': () => session('late'), 'POST /api/auth/logout': () => success(null) });

  const refresh = refreshSession();
  const logout = logOut();

  await expect(refresh).rejects.toMatchObject({ status: 401 });
  await logout;
  expect(getAccessToken()).toBeNull();
  expect(changes).not.toHaveBeenCalled();
});

describe('an answer that is no success', () => {
  test('becomes an error with the fields that the server named', async () => {
    fakeServer({ 'POST /api/content/generate': () => failure(422, 'Validation failed', [{ field: 'title', message: 'Too long.' }]) });

    const error: unknown = await request({ method: 'POST', path: '/content/generate', body: {} }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, message: 'Validation failed', fieldErrors: [{ field: 'title', message: 'Too long.' }] });
  });

  test('becomes a readable sentence when a proxy sends its own page', async () => {
    fakeServer({ 'GET /api/content': () => new Response('<html>Bad Gateway</html>', { status: 502 }) });
    await expect(request({ path: '/content' })).rejects.toThrow('The server is not reachable right now. Please try again.');
  });

  test('is a network error when no answer comes at all', async () => {
    fakeServer({ 'GET /api/content': () => Promise.reject(new TypeError('Failed to fetch')) });
    await expect(request({ path: '/content' })).rejects.toBeInstanceOf(NetworkError);
  });
});
