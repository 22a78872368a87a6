import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { NoticesProvider } from '../contexts/NoticesProvider';
import { ada } from '../test/examples';
import { failure, fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import Settings from './Settings';

function show(section: string, auth = {}) {
  const page = (
    <NoticesProvider>
      <Settings />
    </NoticesProvider>
  );
  return renderPage(page, { at: `/settings/${section}`, path: '/settings/:section?', auth });
}

const key = {
  id: 'key-1',
  name: 'Shop import',
  scopes: ['content:read'],
  createdAt: '2026-11-22T12:00:00Z',
  expiresAt: '2027-02-20T12:00:00Z',
  lastUsedAt: null,
};

function session(id: string, changes = {}) {
  const device = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
  return { id, device, address: '192.0.2.17', createdAt: '2026-11-22T12:00:00Z', lastUsedAt: '2026-11-22T12:00:00Z', current: false, ...changes };
}

test('without a section the profile is shown, and an unknown one is said to be none', async () => {
  show('');
  expect(await screen.findByRole('heading', { level: 1, name: 'Profile' })).toBeVisible();
  show('nonsense');
  expect(await screen.findByText('Page not found')).toBeVisible();
});

test('a saved name is shown everywhere at once; a refused one stands beside its field', async () => {
  const learn = vi.fn();
  const changed = { ...ada, firstName: 'Augusta' };
  const server = fakeServer({ 'PUT /api/auth/me': () => success({ user: changed }) });
  show('profile', { learn });
  const first = await screen.findByLabelText('First name');
  await userEvent.clear(first);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Enter your first name.')).toBeVisible();
  expect(first).toHaveFocus();
  expect(server.calls).toEqual([]);

  await userEvent.type(first, 'Augusta');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(learn).toHaveBeenCalledWith(changed));
  expect(server.calls[0]?.body).toEqual({ firstName: 'Augusta', lastName: 'Lovelace' });
  expect(await screen.findByText('Profile saved.')).toBeVisible();
});

test('a wrong current password is said beside its field, and what was typed stays', async () => {
  const wrong = [{ field: 'currentPassword', message: 'This is not your current password.' }];
  fakeServer({ 'POST /api/auth/password': () => failure(422, 'Validation failed', wrong) });
  show('password');
  await userEvent.type(await screen.findByLabelText('Current password'), 'nope');
  await userEvent.type(screen.getByLabelText('New password'), 'OwlsFlyAtNight7');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('This is not your current password.')).toBeVisible();
  expect(screen.getByLabelText('New password')).toHaveValue('OwlsFlyAtNight7');
});

test('the other sessions are ended, one that has ended by itself too, and this one stays', async () => {
  const server = fakeServer({
    'GET /api/auth/sessions': () => success({ sessions: [session('here', { current: true }), session('a'), session('b')] }),
    'DELETE /api/auth/sessions/a': () => failure(404, 'Session not found'),
    'DELETE /api/auth/sessions/b': () => new Response(null, { status: 204 }),
  });
  show('sessions');
  const own = (await screen.findByText('This device')).closest('li');
  expect(own).toHaveTextContent('Firefox on Linux');
  await userEvent.click(screen.getByRole('button', { name: 'Log out everywhere else' }));
  expect(await screen.findByText('2 sessions logged out.')).toBeVisible();
  expect(server.callsTo('DELETE /api/auth/sessions/here')).toEqual([]);
});

test('an appearance is shown at once, and taken back when the server refuses it', async () => {
  let refuse = false;
  const changed = { ...ada, preferences: { appearance: 'dark' } };
  fakeServer({ 'PUT /api/auth/me': () => (refuse ? failure(503, 'Away') : success({ user: changed })) });
  show('appearance');
  await userEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
  await waitFor(() => expect(document.documentElement.dataset.appearance).toBe('dark'));
  refuse = true;
  await userEvent.click(screen.getByRole('radio', { name: 'Light' }));
  expect(await screen.findByText('Away')).toBeVisible();
  expect(document.documentElement.dataset.appearance).toBeUndefined();
});

test('defaults are saved, and an empty one is taken back', async () => {
  const server = fakeServer({ 'PUT /api/auth/me': () => success({ user: ada }) });
  show('defaults', { state: { status: 'authenticated', user: { ...ada, preferences: { tone: 'calm' } } } });
  await userEvent.clear(await screen.findByLabelText('Tone'));
  await userEvent.selectOptions(screen.getByLabelText('Type'), 'product');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('Defaults saved.');
  expect(server.calls[0]?.body).toEqual({ preferences: { contentType: 'product', tone: null, language: null } });
});

test('a new key is shown once with what it may do, and is nowhere when it was put away', async () => {
  const server = fakeServer({
    'GET /api/auth/keys': () => success({ keys: [key] }),
    'POST /api/auth/keys': () => success({ ...key, key: 'acg_secret' }, 201),
  });
  const { queries } = show('keys');
  await userEvent.click(await screen.findByRole('button', { name: 'New API key' }));
  await userEvent.click(screen.getByRole('button', { name: 'Make the key' }));
  expect(await screen.findByText('Give it a name.')).toBeVisible();
  await userEvent.type(screen.getByLabelText('Name'), 'Shop import');
  await userEvent.click(screen.getByRole('checkbox', { name: /Change, tag/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Make the key' }));
  expect(await screen.findByText("Copy it now. We won't show it again.")).toBeVisible();
  expect(screen.getByText('acg_secret')).toBeVisible();
  expect(server.callsTo('POST /api/auth/keys')[0]?.body).toEqual({ name: 'Shop import', scopes: ['content:read', 'generate'], expiresInDays: 90 });
  await userEvent.click(screen.getByRole('button', { name: "I've saved it" }));
  expect(screen.queryByText('acg_secret')).toBeNull();
  expect(JSON.stringify(queries.getQueryCache().getAll().map(({ state }) => state.data))).not.toContain('acg_secret');
});

test('a key is revoked after a question', async () => {
  let keys = [key];
  fakeServer({
    'GET /api/auth/keys': () => success({ keys }),
    'DELETE /api/auth/keys/key-1': () => {
      keys = [];
      return new Response(null, { status: 204 });
    },
  });
  show('keys');
  await userEvent.click(await screen.findByRole('button', { name: /Revoke/ }));
  await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Revoke' }));
  expect(await screen.findByText('You have no API keys yet.')).toBeVisible();
});

test('everything is exported; the account is deleted with the password alone, and nothing stays here', async () => {
  const forgetAccount = vi.fn();
  const saved = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:zip');
  const wrong = [{ field: 'password', message: 'This is not your password.' }];
  const server = fakeServer({
    'GET /api/auth/me/export': () => new Response('zip'),
    'DELETE /api/auth/me': ({ body }) =>
      (body as { password: string }).password === 'right' ? new Response(null, { status: 204 }) : failure(422, 'Validation failed', wrong),
  });
  show('data', { forgetAccount });
  await userEvent.click(await screen.findByRole('button', { name: 'Export everything' }));
  await waitFor(() => expect(saved).toHaveBeenCalled());

  await userEvent.click(screen.getByRole('button', { name: 'Delete account…' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything for good' }));
  expect(await screen.findByText('Enter your password.')).toBeVisible();
  await userEvent.type(screen.getByLabelText('Your password'), 'wrong');
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything for good' }));
  expect(await screen.findByText('This is not your password.')).toBeVisible();
  expect(forgetAccount).not.toHaveBeenCalled();
  await userEvent.clear(screen.getByLabelText('Your password'));
  await userEvent.type(screen.getByLabelText('Your password'), 'right');
  await userEvent.click(screen.getByRole('button', { name: 'Delete everything for good' }));
  await waitFor(() => expect(forgetAccount).toHaveBeenCalled());
  expect(server.callsTo('DELETE /api/auth/me')).toHaveLength(2);
});
