import { useEffect, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { Link } from 'react-router';

import { resetPassword } from '../api/session';
import { ApiError } from '../api/errors';
import { AuthFrame } from '../components/AuthFrame';
import { Button, ButtonLink } from '../components/Button';
import { ErrorMessage } from '../components/ErrorMessage';
import { NewPasswordField } from '../components/NewPasswordField';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { showServerErrors } from '../lib/serverErrors';
import { newPasswordResolver, type NewPasswordValues } from '../lib/validation';

const TOO_OLD = 'This link has been used or is too old. Ask the person who runs this server for a new one.';

/** The target of password reset links. The token after # is removed from the URL at once. */
export default function ResetPassword() {
  const token = useTokenOfAddress();
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <AuthFrame title="Password changed" lead="Log in with your new password. You were logged out everywhere, and your API keys have ended.">
        <ButtonLink to="/login" look="primary" className="w-full">
          Log in
        </ButtonLink>
      </AuthFrame>
    );
  }
  if (token === '') {
    return (
      <AuthFrame title="Set a new password" lead="This page needs the link that you were sent.">
        <ErrorMessage>The link is incomplete. Copy all of it into the address bar, or ask the person who runs this server for a new one.</ErrorMessage>
        <ToLogin />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Set a new password" lead="You'll be logged out everywhere, and your API keys will end.">
      <NewPasswordForm token={token} onDone={() => setDone(true)} />
      <ToLogin />
    </AuthFrame>
  );
}

function NewPasswordForm({ token, onDone }: { token: string; onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<NewPasswordValues>({ resolver: newPasswordResolver, defaultValues: { newPassword: '' }, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const newPassword = useWatch({ control: form.control, name: 'newPassword' });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await resetPassword(token, values.newPassword);
      onDone();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'reset_link_invalid') setProblem(TOO_OLD);
      else setProblem(showServerErrors(error, ['newPassword'], form.setError));
    }
  });

  return (
    <form ref={element} onSubmit={submit} noValidate className="space-y-5">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <NewPasswordField id="newPassword" label="New password" registration={form.register('newPassword')} error={errors.newPassword?.message} password={newPassword} />
      <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
        Set password
      </Button>
    </form>
  );
}

function ToLogin() {
  return (
    <p className="mt-8 text-sm">
      <Link to="/login" className="link font-medium">
        Back to the login
      </Link>
    </p>
  );
}

/** Keeps the token in memory only, so that it is neither in the history nor visible in the address bar. */
function useTokenOfAddress(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  }, []);
  return token;
}
