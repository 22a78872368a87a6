import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { Link } from 'react-router';

import { isStatus } from '../api/errors';
import { AuthFrame } from '../components/AuthFrame';
import { Button } from '../components/Button';
import { EmailField } from '../components/EmailField';
import { ErrorMessage } from '../components/ErrorMessage';
import { Field } from '../components/Field';
import { NewPasswordField } from '../components/NewPasswordField';
import { useAuth } from '../contexts/auth';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { useReturnPlace } from '../hooks/useReturnPlace';
import { showServerErrors } from '../lib/serverErrors';
import { registrationResolver, type RegistrationValues } from '../lib/validation';

const FIELDS = ['firstName', 'lastName', 'email', 'password'] as const;
const EMPTY: RegistrationValues = { firstName: '', lastName: '', email: '', password: '' };

export default function Register() {
  const auth = useAuth();
  const { state } = useReturnPlace();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<RegistrationValues>({ resolver: registrationResolver, defaultValues: EMPTY, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const password = useWatch({ control: form.control, name: 'password' });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await auth.register(values);
    } catch (error) {
      if (isStatus(error, 409)) form.setError('email', { message: 'You already have an account with this email.' });
      else setProblem(showServerErrors(error, FIELDS, form.setError));
    }
  });

  return (
    <AuthFrame title="Create your account" lead="Your first text takes about a minute.">
      <form ref={element} onSubmit={submit} noValidate className="space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <div className="grid gap-5 min-[400px]:grid-cols-2">
          <Field id="firstName" label="First name" error={errors.firstName?.message}>
            {(wiring) => (
              <input {...form.register('firstName')} {...wiring} type="text" dir="auto" autoComplete="given-name" required className="input" />
            )}
          </Field>
          <Field id="lastName" label="Last name" error={errors.lastName?.message}>
            {(wiring) => (
              <input {...form.register('lastName')} {...wiring} type="text" dir="auto" autoComplete="family-name" required className="input" />
            )}
          </Field>
        </div>
        <EmailField registration={form.register('email')} error={errors.email?.message} />
        <NewPasswordField registration={form.register('password')} error={errors.password?.message} password={password} />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          Create account
        </Button>
      </form>
      <p className="mt-8 flex flex-wrap gap-x-1.5 text-sm text-muted">
        <span>Already have an account?</span>
        <Link to="/login" state={state} className="link font-medium">
          Log in
        </Link>
      </p>
    </AuthFrame>
  );
}
