import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { ApiError } from '../api/errors';
import { AnonymousOnly } from '../components/AnonymousOnly';
import { ada } from '../test/examples';
import { renderPage } from '../test/renderPage';
import Login from './Login';

const anonymous = { status: 'anonymous', ended: 'none' } as const;

async function logInAs(email: string, password: string) {
  await userEvent.type(screen.getByLabelText('Email'), email);
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
}

test('a login that does not match says so, keeps what was typed, and leads to the way to a new password', async () => {
  const logIn = vi.fn().mockRejectedValue(new ApiError('Those words may change', { status: 401, code: 'unauthenticated' }));
  renderPage(<Login />, { auth: { state: anonymous, logIn } });

  await logInAs('ada@example.com', 'wrong');

  expect(await screen.findByRole('alert')).toHaveTextContent("That email and password don't match.");
  expect(screen.getByLabelText('Email')).toHaveValue('ada@example.com');
  expect(logIn).toHaveBeenCalledWith({ email: 'ada@example.com', password: 'wrong' });
  await userEvent.click(screen.getByRole('button', { name: 'Reset password' }));
  expect(screen.getByText('Ask the person who runs this server to reset it.')).toBeVisible();
});

test('a disabled account is told so', async () => {
  const logIn = vi.fn().mockRejectedValue(new ApiError('This account is disabled', { status: 401, code: 'account_disabled' }));
  renderPage(<Login />, { auth: { state: anonymous, logIn } });
  await logInAs('ada@example.com', 'right');
  expect(await screen.findByRole('alert')).toHaveTextContent('This account is disabled');
});

test("the server's errors stand beside their fields, and the first of them gets the focus", async () => {
  const errors = [{ field: 'email', message: 'Not a valid email address.' }];
  const logIn = vi.fn().mockRejectedValue(new ApiError('Validation failed', { status: 422, fieldErrors: errors }));
  renderPage(<Login />, { auth: { state: anonymous, logIn } });

  await logInAs('ada@example.c', 'x');

  const email = screen.getByLabelText('Email');
  await waitFor(() => expect(email).toHaveFocus());
  expect(email).toBeInvalid();
  expect(email).toHaveAccessibleDescription('Not a valid email address.');
});

test('an empty form is not sent, and says what is missing', async () => {
  const logIn = vi.fn();
  renderPage(<Login />, { auth: { state: anonymous, logIn } });

  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));

  expect(await screen.findByText('Enter your email address.')).toBeVisible();
  expect(screen.getByText('Enter your password.')).toBeVisible();
  expect(logIn).not.toHaveBeenCalled();
});

test('the password can be looked at', async () => {
  renderPage(<Login />, { auth: { state: anonymous } });
  expect(screen.getByLabelText('Password')).toHaveAttribute('type', 'password');
  await userEvent.click(screen.getByRole('button', { name: 'Show password' }));
  expect(screen.getByLabelText('Password')).toHaveAttribute('type', 'text');
});

test('who is logged in goes on to the place that was remembered', async () => {
  const { router } = renderPage(<AnonymousOnly />, {
    at: '/login',
    path: '/login',
    state: { from: { pathname: '/contents', search: '?type=blog' } },
    auth: { state: { status: 'authenticated', user: ada } },
  });
  await waitFor(() => expect(router.state.location.pathname + router.state.location.search).toBe('/contents?type=blog'));
});
