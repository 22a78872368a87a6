import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { ApiError } from '../api/errors';
import { renderPage } from '../test/renderPage';
import Register from './Register';

const anonymous = { status: 'anonymous', ended: 'none' } as const;

async function fillIn(changes: Record<string, string> = {}) {
  const values = { 'First name': '小龍', 'Last name': "O'Brien", Email: 'a@example.com', Password: 'SecurePass123', ...changes };
  for (const [label, value] of Object.entries(values)) await userEvent.type(screen.getByLabelText(label), value);
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
}

test('the rules for the password are ticked off while it is typed', async () => {
  renderPage(<Register />, { auth: { state: anonymous } });
  const rules = within(screen.getByRole('list', { name: 'Rules for the password' }));
  const met = () => rules.getAllByRole('listitem').map((rule) => rule.textContent.includes('(met)'));

  expect(met()).toEqual([false, false, false, false]);
  await userEvent.type(screen.getByLabelText('Password'), 'Ab');
  expect(met()).toEqual([false, true, true, false]);
  await userEvent.type(screen.getByLabelText('Password'), 'cdefg1');
  expect(met()).toEqual([true, true, true, true]);
});

test('a password of more than 72 bytes is refused before it is sent, also when it has fewer characters', async () => {
  const register = vi.fn();
  renderPage(<Register />, { auth: { state: anonymous, register } });

  await fillIn({ Password: `Aa1${'é'.repeat(35)}` });

  expect(await screen.findByText('This password is too long: at most 72 bytes.')).toBeVisible();
  expect(register).not.toHaveBeenCalled();
});

test('names in any script are sent as they are', async () => {
  const register = vi.fn().mockResolvedValue(undefined);
  renderPage(<Register />, { auth: { state: anonymous, register } });

  await fillIn();

  expect(register).toHaveBeenCalledWith({
    firstName: '小龍',
    lastName: "O'Brien",
    email: 'a@example.com',
    password: 'SecurePass123',
  });
});

test('an address that is taken is said beside the address', async () => {
  const register = vi.fn().mockRejectedValue(new ApiError('Email already registered', { status: 409 }));
  renderPage(<Register />, { auth: { state: anonymous, register } });

  await fillIn();

  await waitFor(() => expect(screen.getByLabelText('Email')).toHaveAccessibleDescription('You already have an account with this email.'));
});

test("several of the server's errors stand beside their fields, and none is lost", async () => {
  const fieldErrors = [
    { field: 'firstName', message: 'May hold letters only.' },
    { field: 'password', message: 'Must contain a digit.' },
    { field: 'captcha', message: 'Missing.' },
  ];
  const register = vi.fn().mockRejectedValue(new ApiError('Validation failed', { status: 422, fieldErrors }));
  renderPage(<Register />, { auth: { state: anonymous, register } });

  await fillIn();

  await waitFor(() => expect(screen.getByLabelText('First name')).toHaveAccessibleDescription('May hold letters only.'));
  expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/Must contain a digit\./);
  expect(screen.getByText('captcha: Missing.')).toBeVisible();
});
