import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';

import { messageOf } from '../../api/errors';
import { useUser } from '../../contexts/auth';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { PasswordField } from '../PasswordField';

interface DeleteAccountFormProps {
  /** Deletes the account. Resolves to what is wrong with the password, or null. */
  onDelete: (password: string) => Promise<string | null>;
  onCancel: () => void;
}

/** The confirmation of an account's deletion, which requires the password. */
export function DeleteAccountForm({ onDelete, onCancel }: DeleteAccountFormProps) {
  const { email } = useUser();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<{ password: string }>({ defaultValues: { password: '' }, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  useEffect(() => form.setFocus('password'), [form]);

  const submit = form.handleSubmit(async ({ password }) => {
    setProblem(null);
    try {
      const wrong = await onDelete(password);
      if (wrong !== null) form.setError('password', { message: wrong });
    } catch (error) {
      setProblem(messageOf(error));
    }
  });

  return (
    <form ref={element} onSubmit={submit} noValidate aria-label="Delete account" className="mt-4 max-w-md space-y-4">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        label="Your password"
        registration={form.register('password', { validate: (password) => password !== '' || 'Enter your password.' })}
        autoComplete="current-password"
        error={errors.password?.message}
      />
      <div className="flex flex-wrap gap-3">
        <Button onClick={onCancel}>Keep my account</Button>
        <Button type="submit" look="danger" busy={isSubmitting}>
          Delete everything for good
        </Button>
      </div>
    </form>
  );
}
