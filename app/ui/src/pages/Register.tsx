import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { Link } from 'react-router';

import { isStatus, messageOf } from '../api/errors';
import { AuthFrame } from '../components/AuthFrame';
import { Button } from '../components/Button';
import { ErrorMessage } from '../components/ErrorMessage';
import { Field } from '../components/Field';
import { PasswordField } from '../components/PasswordField';
import { PasswordRules } from '../components/PasswordRules';
import { useAuth } from '../contexts/auth';
import { useReturnPlace } from '../hooks/useReturnPlace';
import { showServerErrors } from '../lib/serverErrors';
import { registrationSchema, type RegistrationValues } from '../lib/validation';

const FIELDS = ['firstName', 'lastName', 'email', 'password'] as const;
const EMPTY: RegistrationValues = { firstName: '', lastName: '', email: '', password: '' };

export default function Register() {
  const auth = useAuth();
  const { state } = useReturnPlace();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<RegistrationValues>({ resolver: zodResolver(registrationSchema), defaultValues: EMPTY });
  const { errors, isSubmitting } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await auth.register(values);
    } catch (error) {
      if (isStatus(error, 409)) form.setError('email', { message: `${messageOf(error)}.` }, { shouldFocus: true });
      else setProblem(showServerErrors(error, FIELDS, form.setError));
    }
  });

  return (
    <AuthFrame title="Create your account" lead="It takes less than a minute, and so does your first text.">
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <div className="grid gap-5 min-[400px]:grid-cols-2">
          <Field id="firstName" label="First name" error={errors.firstName?.message}>
            {(wiring) => (
              <input {...form.register('firstName')} {...wiring} type="text" autoComplete="given-name" required className="input" />
            )}
          </Field>
          <Field id="lastName" label="Last name" error={errors.lastName?.message}>
            {(wiring) => (
              <input {...form.register('lastName')} {...wiring} type="text" autoComplete="family-name" required className="input" />
            )}
          </Field>
        </div>
        <Field id="email" label="Email" error={errors.email?.message}>
          {(wiring) => (
            <input {...form.register('email')} {...wiring} type="email" autoComplete="username" required className="input" />
          )}
        </Field>
        <PasswordField
          registration={form.register('password')}
          autoComplete="new-password"
          error={errors.password?.message}
          hint={<PasswordRules password={password} />}
        />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          Create account
        </Button>
      </form>
      <p className="mt-8 text-sm text-muted">
        Already have an account?{' '}
        <Link to="/login" state={state} className="link font-medium">
          Log in
        </Link>
      </p>
    </AuthFrame>
  );
}
