import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Link } from 'react-router';

import { ApiError } from '../api/errors';
import { AuthFrame } from '../components/AuthFrame';
import { Button } from '../components/Button';
import { EmailField } from '../components/EmailField';
import { ErrorMessage } from '../components/ErrorMessage';
import { PasswordField } from '../components/PasswordField';
import { useAuth } from '../contexts/auth';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { useReturnPlace, type ReturnState } from '../hooks/useReturnPlace';
import { showServerErrors } from '../lib/serverErrors';
import { loginResolver, type LoginValues } from '../lib/validation';

export default function Login() {
  const { logIn } = useAuth();
  const { state } = useReturnPlace();
  const [problem, setProblem] = useState<string | null>(null);
  const [isMismatch, setMismatch] = useState(false);
  const forgotten = useRef<HTMLDetailsElement>(null);
  const form = useForm<LoginValues>({
    resolver: loginResolver,
    defaultValues: { email: '', password: '' },
    shouldFocusError: false,
  });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await logIn(values);
    } catch (error) {
      setMismatch(error instanceof ApiError && error.code === 'unauthenticated');
      setProblem(showServerErrors(error, ['email', 'password'], form.setError));
    }
  });

  const showHowToReset = () => {
    if (!forgotten.current) return;
    forgotten.current.open = true;
    forgotten.current.querySelector('summary')?.focus();
  };

  return (
    <AuthFrame title="Log in" lead={leadFor(state)}>
      <form ref={element} onSubmit={submit} noValidate className="space-y-5">
        {problem && (
          <ErrorMessage>
            {isMismatch ? (
              <>
                <span>That email and password don't match. </span>
                <button type="button" className="link font-medium" onClick={showHowToReset}>
                  Reset password
                </button>
              </>
            ) : (
              problem
            )}
          </ErrorMessage>
        )}
        <EmailField registration={form.register('email')} error={errors.email?.message} />
        <PasswordField registration={form.register('password')} autoComplete="current-password" error={errors.password?.message} />
        <details ref={forgotten} className="-my-2 text-sm">
          <summary className="inline-flex min-h-10 items-center rounded-lg font-medium text-accent">Forgot your password?</summary>
          <p className="pb-2 text-muted">Ask the person who runs this server to reset it.</p>
        </details>
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          Log in
        </Button>
      </form>
      <p className="mt-8 flex flex-wrap gap-x-1.5 text-sm text-muted">
        <span>New here?</span>
        <Link to="/register" state={state} className="link font-medium">
          Create an account
        </Link>
      </p>
    </AuthFrame>
  );
}

function leadFor({ expired, loggedOut, deleted, keepsText }: ReturnState): string {
  if (deleted) return 'Your account and everything in it is deleted.';
  if (loggedOut) return "You're logged out.";
  if (!expired) return 'Welcome';
  const kept = keepsText ? ' Your unsaved edit is kept on this device.' : '';
  return `Your session ended. Log in to pick up where you left off.${kept}`;
}
