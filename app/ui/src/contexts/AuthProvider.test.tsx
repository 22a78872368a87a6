import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import { getAccessToken } from '../api/accessToken';
import { createQueryClient } from '../api/contentCache';
import { refreshSession } from '../api/session';
import { joinTabs, type TabMessage } from '../api/tabs';
import { hasDrafts, isLogoutPending, saveDraft } from '../lib/drafts';
import { ada } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { useAuth } from './auth';
import { AuthProvider } from './AuthProvider';

const REFRESH = 'POST /api/auth/refresh';
const LOGOUT = 'POST /api/auth/logout';
const otherTab = joinTabs((message) => heard.push(message));
const heard: TabMessage[] = [];

afterEach(() => {
  heard.length = 0;
});

function Who() {
  const { state, logOut, logIn } = useAuth();
  return (
    <>
      <p>{state.status === 'authenticated' ? state.user.fullName : state.status}</p>
      <p>{state.status === 'anonymous' && `ended: ${state.ended}`}</p>
      <p>{state.status === 'anonymous' && state.keepsText && 'something is kept'}</p>
      <button onClick={() => void logOut()}>log out</button>
      <button onClick={() => void logIn({ email: 'a', password: 'b' })}>log in</button>
    </>
  );
}

function open() {
  const queries = createQueryClient();
  const { unmount } = render(
    <QueryClientProvider client={queries}>
      <AuthProvider>
        <Who />
      </AuthProvider>
    </QueryClientProvider>,
  );
  return { queries, unmount };
}

const session = () => success({ user: ada, access_token: 'token' });

test('a reload keeps the person logged in, with one refresh', async () => {
  const server = fakeServer({ [REFRESH]: session });
  open();
  expect(await screen.findByText('Ada Lovelace')).toBeVisible();
  expect(server.callsTo(REFRESH)).toHaveLength(1);
});

test('who has no session is anonymous, and nothing ended', async () => {
  fakeServer({ [REFRESH]: () => failure(401, 'Authentication required') });
  open();
  expect(await screen.findByText('ended: none')).toBeVisible();
});

test('a server that is away does not log anybody out', async () => {
  fakeServer({ [REFRESH]: () => failure(503, 'Unavailable') });
  open();
  expect(await screen.findByText('unreachable')).toBeVisible();
});

test('logging out here tells the other tabs, and leaves nothing behind', async () => {
  fakeServer({ [REFRESH]: session, [LOGOUT]: () => success(null) });
  const { queries } = open();
  await screen.findByText('Ada Lovelace');
  queries.setQueryData(['contents'], 'private');
  saveDraft({ userId: ada.id, text: 'content-1' }, { title: 'private' });

  await userEvent.click(screen.getByText('log out'));

  expect(screen.getByText('ended: logout')).toBeVisible();
  expect(getAccessToken()).toBeNull();
  expect(queries.getQueryData(['contents'])).toBeUndefined();
  expect(localStorage).toHaveLength(0);
  await waitFor(() => expect(heard).toContainEqual({ type: 'logout' }));
});

test('logging out works here even when the server cannot be reached', async () => {
  fakeServer({ [REFRESH]: session, [LOGOUT]: () => Promise.reject(new TypeError('no network')) });
  open();
  await screen.findByText('Ada Lovelace');
  await userEvent.click(screen.getByText('log out'));
  expect(screen.getByText('ended: logout')).toBeVisible();
});

test('a logout that the server has not received is not undone by a reload, and is sent when the server is back', async () => {
  let isAway = true;
  const logout = () => (isAway ? Promise.reject(new TypeError('no network')) : success(null));
  const server = fakeServer({ [REFRESH]: session, [LOGOUT]: logout });
  const page = open();
  await screen.findByText('Ada Lovelace');
  await userEvent.click(screen.getByText('log out'));
  page.unmount();

  open();
  expect(await screen.findByText('ended: none')).toBeVisible();
  expect(server.callsTo(REFRESH)).toHaveLength(1);

  isAway = false;
  act(() => void window.dispatchEvent(new Event('online')));
  await waitFor(() => expect(localStorage).toHaveLength(0));
});

test.each([
  ['full, and has room when the drafts are gone', () => localStorage.length > 0, true],
  ['blocked', () => true, false],
])('a logout reaches the server when storage is %s', async (_, isRefused, isRemembered) => {
  let isAway = true;
  const server = fakeServer({ [REFRESH]: session, [LOGOUT]: () => (isAway ? failure(503, 'Unavailable') : success(null)) });
  open();
  await screen.findByText('Ada Lovelace');
  saveDraft({ userId: ada.id, text: 'content-1' }, { title: 'private' });
  const store = localStorage.setItem.bind(localStorage);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation((key, value) => {
    if (isRefused()) throw new DOMException('no', 'QuotaExceededError');
    store(key, value);
  });
  await userEvent.click(screen.getByText('log out'));
  await waitFor(() => expect(server.callsTo(LOGOUT)).not.toHaveLength(0));
  expect(localStorage).toHaveLength(isRemembered ? 1 : 0);

  isAway = false;
  act(() => void window.dispatchEvent(new Event('online')));
  await waitFor(() => expect(isLogoutPending()).toBe(false));
});

test('a login sends a pending logout first, and ends it', async () => {
  const server = fakeServer({ [REFRESH]: session, [LOGOUT]: () => failure(503, 'Unavailable'), 'POST /api/auth/login': session });
  open();
  await screen.findByText('Ada Lovelace');
  await userEvent.click(screen.getByText('log out'));
  await userEvent.click(screen.getByText('log in'));
  expect(await screen.findByText('Ada Lovelace')).toBeVisible();
  expect(server.calls.at(-2)?.path).toBe('/api/auth/logout');
  expect(localStorage).toHaveLength(0);
});

test('a logout in another tab logs out here', async () => {
  fakeServer({ [REFRESH]: session });
  open();
  await screen.findByText('Ada Lovelace');
  act(() => otherTab.tell({ type: 'logout' }));
  expect(await screen.findByText('ended: logout')).toBeVisible();
  expect(getAccessToken()).toBeNull();
});

test('a login in another tab logs in here', async () => {
  let isLoggedIn = false;
  fakeServer({ [REFRESH]: () => (isLoggedIn ? session() : failure(401, 'Authentication required')) });
  open();
  await screen.findByText('anonymous');
  isLoggedIn = true;
  act(() => otherTab.tell({ type: 'login', userId: ada.id }));
  expect(await screen.findByText('Ada Lovelace')).toBeVisible();
});

test('an expired session keeps unsaved text, and says so', async () => {
  let isOver = false;
  fakeServer({ [REFRESH]: () => (isOver ? failure(401, 'Authentication required') : session()) });
  open();
  await screen.findByText('Ada Lovelace');
  saveDraft({ userId: ada.id, text: 'content-1' }, { title: 'Unsaved' });
  isOver = true;
  await act(() => refreshSession().catch(() => undefined));
  expect(await screen.findByText('ended: expired')).toBeVisible();
  expect(screen.getByText('something is kept')).toBeVisible();
  expect(hasDrafts(ada.id)).toBe(true);
});

test('messages between tabs contain no token', async () => {
  fakeServer({ [REFRESH]: () => failure(401, 'no'), 'POST /api/auth/login': session });
  open();
  await screen.findByText('anonymous');
  await userEvent.click(screen.getByText('log in'));
  await waitFor(() => expect(heard).toEqual([{ type: 'login', userId: ada.id }]));
});
