import { useState } from 'react';
import { useForm } from 'react-hook-form';

import { changeProfile } from '../../api/account';
import { CONTENT_TYPES } from '../../api/types';
import { useAuth, useUser } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { showServerErrors } from '../../lib/serverErrors';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { LanguageOptions } from '../LanguageOptions';
import { Select } from '../Select';
import { SectionFrame } from './SectionFrame';

interface DefaultValues {
  contentType: string;
  tone: string;
  language: string;
}

const FIELDS = ['contentType', 'tone', 'language'] as const;

/** The initial values of the form for a new text. */
export default function DefaultsSection() {
  const { preferences } = useUser();
  const { learn } = useAuth();
  const notices = useNotices();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<DefaultValues>({
    defaultValues: { contentType: preferences?.contentType ?? '', tone: preferences?.tone ?? '', language: preferences?.language ?? '' },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async ({ contentType, tone, language }) => {
    setProblem(null);
    try {
      learn(await changeProfile({ preferences: { contentType: contentType || null, tone: tone.trim() || null, language: language || null } }));
      notices.show({ text: 'Defaults saved.' });
    } catch (error) {
      setProblem(showServerErrors(error, FIELDS.map((field) => field), form.setError));
    }
  });

  return (
    <SectionFrame title="Defaults" lead="The initial values of the form for a new text. You can change it for each text.">
      <form onSubmit={submit} noValidate className="max-w-md space-y-5">
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <Field id="contentType" label="Type" error={errors.contentType?.message}>
          {(wiring) => (
            <Select {...form.register('contentType')} {...wiring}>
              <option value="">The one I used last</option>
              {CONTENT_TYPES.map((type) => (
                <option key={type} value={type}>
                  {CONTENT_TYPE_TEXT[type].label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field id="tone" label="Tone" error={errors.tone?.message}>
          {(wiring) => (
            <input {...form.register('tone')} {...wiring} type="text" dir="auto" maxLength={60} autoComplete="off" placeholder="As it suits the text" className="input" />
          )}
        </Field>
        <Field id="language" label="Language" error={errors.language?.message}>
          {(wiring) => (
            <Select {...form.register('language')} {...wiring}>
              <LanguageOptions open="As the brief" />
            </Select>
          )}
        </Field>
        <Button type="submit" look="primary" busy={isSubmitting}>
          Save
        </Button>
      </form>
    </SectionFrame>
  );
}
