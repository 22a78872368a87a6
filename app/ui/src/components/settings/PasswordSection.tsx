import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';

import { accountKeys, changePassword } from '../../api/account';
import { useUser } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { showServerErrors } from '../../lib/serverErrors';
import { passwordChangeResolver, type PasswordChangeValues } from '../../lib/validation';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { NewPasswordField } from '../NewPasswordField';
import { PasswordField } from '../PasswordField';
import { SectionFrame } from './SectionFrame';

const EMPTY: PasswordChangeValues = { currentPassword: '', newPassword: '' };
const FIELDS = ['currentPassword', 'newPassword'] as const;

/** Changes the password; requires the current one. */
export default function PasswordSection() {
  const { email } = useUser();
  const notices = useNotices();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<PasswordChangeValues>({ resolver: passwordChangeResolver, defaultValues: EMPTY, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const newPassword = useWatch({ control: form.control, name: 'newPassword' });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await changePassword(values.currentPassword, values.newPassword);
      form.reset(EMPTY);
      void queries.invalidateQueries({ queryKey: accountKeys.sessions });
      notices.show({ text: 'Password changed. Your other sessions are logged out.' });
    } catch (error) {
      setProblem(showServerErrors(error, FIELDS, form.setError));
    }
  });

  return (
    <SectionFrame title="Password" lead="Changing it logs out every other device. API keys keep working until you revoke them.">
      <form ref={element} onSubmit={submit} noValidate className="max-w-md space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        {/* For the browser's own keeper of passwords, which wants to know whose this is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          id="currentPassword"
          label="Current password"
          registration={form.register('currentPassword')}
          autoComplete="current-password"
          error={errors.currentPassword?.message}
        />
        <NewPasswordField id="newPassword" label="New password" registration={form.register('newPassword')} error={errors.newPassword?.message} password={newPassword} />
        <Button type="submit" look="primary" busy={isSubmitting}>
          Change password
        </Button>
      </form>
    </SectionFrame>
  );
}
