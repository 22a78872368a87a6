import { useState } from 'react';
import { useForm } from 'react-hook-form';

import { changeProfile } from '../../api/account';
import { useAuth, useUser } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { showServerErrors } from '../../lib/serverErrors';
import { profileResolver, type ProfileValues } from '../../lib/validation';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { SectionFrame } from './SectionFrame';

const FIELDS = ['firstName', 'lastName'] as const;

/** The user's names. The email cannot be changed. */
export default function ProfileSection() {
  const { firstName, lastName, email } = useUser();
  const { learn } = useAuth();
  const notices = useNotices();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<ProfileValues>({ resolver: profileResolver, defaultValues: { firstName, lastName }, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      const user = await changeProfile(values);
      learn(user);
      form.reset({ firstName: user.firstName, lastName: user.lastName });
      notices.show({ text: 'Profile saved.' });
    } catch (error) {
      setProblem(showServerErrors(error, FIELDS, form.setError));
    }
  });

  return (
    <SectionFrame title="Profile" lead="Your name, as the app shows it.">
      <form ref={element} onSubmit={submit} noValidate className="space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <div className="grid gap-5 min-[400px]:grid-cols-2">
          <Field id="firstName" label="First name" error={errors.firstName?.message}>
            {(wiring) => <input {...form.register('firstName')} {...wiring} type="text" dir="auto" autoComplete="given-name" required className="input" />}
          </Field>
          <Field id="lastName" label="Last name" error={errors.lastName?.message}>
            {(wiring) => <input {...form.register('lastName')} {...wiring} type="text" dir="auto" autoComplete="family-name" required className="input" />}
          </Field>
        </div>
        <div>
          <p className="text-sm font-semibold">Email</p>
          <p className="mt-1.5 break-all">{email}</p>
          <p className="mt-1 text-sm text-muted">You log in with this address. It cannot be changed.</p>
        </div>
        <Button type="submit" look="primary" busy={isSubmitting}>
          Save
        </Button>
      </form>
    </SectionFrame>
  );
}
