import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';

import { fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import ResetPassword from './ResetPassword';

afterEach(() => window.history.replaceState(null, '', '/'));

function open(fragment: string) {
  window.history.replaceState(null, '', `/reset-password${fragment}`);
  renderPage(<ResetPassword />, { auth: { state: { status: 'anonymous', ended: 'none' } } });
}

async function setPassword(password: string) {
  await userEvent.type(screen.getByLabelText('New password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }));
}

test('the token is taken out of the address, and sets the password', async () => {
  const server = fakeServer({ 'POST /api/auth/password/reset': () => success(null) });
  open('#tok-en');
  expect(window.location.hash).toBe('');
  await setPassword('OwlsFlyAtNight7');
  expect(await screen.findByRole('heading', { name: 'Password changed' })).toBeVisible();
  expect(server.calls[0]?.body).toEqual({ token: 'tok-en', newPassword: 'OwlsFlyAtNight7' });
  expect(screen.getByRole('link', { name: 'Log in' })).toHaveAttribute('href', '/login');
});

test('a link that was used says whom to ask, and keeps what was typed', async () => {
  const body = { success: false, message: 'Old', statusCode: 422, code: 'reset_link_invalid', errors: [{ field: 'token', message: 'Old.' }] };
  fakeServer({ 'POST /api/auth/password/reset': () => new Response(JSON.stringify(body), { status: 422 }) });
  open('#tok-en');
  await setPassword('OwlsFlyAtNight7');
  expect(await screen.findByRole('alert')).toHaveTextContent('Ask the person who runs this server for a new one.');
  expect(screen.getByLabelText('New password')).toHaveValue('OwlsFlyAtNight7');
});

test('a weak password is not sent, and without a token there is nothing to fill in', async () => {
  const server = fakeServer({});
  open('#tok-en');
  await setPassword('short');
  expect(await screen.findByText('This password does not meet all the rules yet.')).toBeVisible();
  expect(server.calls).toEqual([]);
});

test('without a token the page says what to do', () => {
  open('');
  expect(screen.getByRole('alert')).toHaveTextContent('The link is incomplete.');
});
