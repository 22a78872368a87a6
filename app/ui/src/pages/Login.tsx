import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Link } from 'react-router';

import { AuthFrame } from '../components/AuthFrame';
import { Button } from '../components/Button';
import { ErrorMessage } from '../components/ErrorMessage';
import { Field } from '../components/Field';
import { PasswordField } from '../components/PasswordField';
import { useAuth } from '../contexts/auth';
import { useReturnPlace } from '../hooks/useReturnPlace';
import { showServerErrors } from '../lib/serverErrors';
import { loginSchema, type LoginValues } from '../lib/validation';

export default function Login() {
  const { logIn } = useAuth();
  const { state } = useReturnPlace();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<LoginValues>({ resolver: zodResolver(loginSchema), defaultValues: { email: '', password: '' } });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await logIn(values);
    } catch (error) {
      setProblem(showServerErrors(error, ['email', 'password'], form.setError));
    }
  });

  return (
    <AuthFrame title="Log in" lead={state.expired ? 'Your session has ended. Log in to go on where you were.' : 'Good to see you again.'}>
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <Field id="email" label="Email" error={errors.email?.message}>
          {(wiring) => (
            <input {...form.register('email')} {...wiring} type="email" autoComplete="username" required className="input" />
          )}
        </Field>
        <PasswordField registration={form.register('password')} autoComplete="current-password" error={errors.password?.message} />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          Log in
        </Button>
      </form>
      <p className="mt-8 text-sm text-muted">
        New here?{' '}
        <Link to="/register" state={state} className="link font-medium">
          Create an account
        </Link>
      </p>
    </AuthFrame>
  );
}
