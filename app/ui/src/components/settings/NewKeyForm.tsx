import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';

import { accountKeys, createApiKey, KEY_SCOPES, type CreatedApiKey, type KeyScope } from '../../api/account';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { showServerErrors } from '../../lib/serverErrors';
import { countCharacters, isBlank } from '../../lib/validation';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field, FieldError } from '../Field';
import { Select } from '../Select';

interface NewKeyFormProps {
  onMade: (key: CreatedApiKey) => void;
  onCancel: () => void;
}

interface KeyValues {
  name: string;
  scopes: KeyScope[];
  expiresInDays: string;
}

const MAX_NAME = 60;
const FIELDS = ['name', 'scopes', 'expiresInDays'] as const;
const SCOPE_WORDS: Record<KeyScope, string> = {
  'content:read': 'Read your texts, and follow them while they are written',
  'content:write': 'Change, tag and delete your texts',
  generate: 'Ask for new texts, which counts towards your usage',
};
const LIFETIMES = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
] as const;

/** The name, scopes and lifetime of a new key. */
export function NewKeyForm({ onMade, onCancel }: NewKeyFormProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<KeyValues>({
    defaultValues: { name: '', scopes: [...KEY_SCOPES], expiresInDays: '90' },
    shouldFocusError: false,
  });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  useEffect(() => form.setFocus('name'), [form]);

  const submit = form.handleSubmit(async ({ name, scopes, expiresInDays }) => {
    setProblem(null);
    try {
      const key = await createApiKey({ name: name.trim(), scopes, expiresInDays: Number(expiresInDays) });
      void queries.invalidateQueries({ queryKey: accountKeys.apiKeys });
      onMade(key);
    } catch (error) {
      setProblem(showServerErrors(error, [...FIELDS], form.setError));
    }
  });

  return (
    <form ref={element} onSubmit={submit} noValidate aria-label="New API key" className="card space-y-5 p-5">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <Field id="name" label="Name" hint="To tell it from your other keys." error={errors.name?.message}>
        {(wiring) => (
          <input {...form.register('name', { validate: checkName })} {...wiring} type="text" dir="auto" autoComplete="off" required className="input" />
        )}
      </Field>
      <fieldset aria-describedby={errors.scopes ? 'scopes-error' : undefined}>
        <legend className="mb-1 text-sm font-semibold">What it may do</legend>
        {KEY_SCOPES.map((scope) => (
          <label key={scope} className="flex min-h-11 items-center gap-3 py-1.5">
            <input
              {...form.register('scopes', { validate: (scopes) => scopes.length > 0 || 'Choose at least one.' })}
              type="checkbox"
              value={scope}
              aria-invalid={Boolean(errors.scopes)}
              className="size-5 shrink-0 accent-accent"
            />
            <span>{SCOPE_WORDS[scope]}</span>
          </label>
        ))}
        <FieldError id="scopes-error" message={errors.scopes?.message} />
      </fieldset>
      <Field id="expiresInDays" label="Works for" error={errors.expiresInDays?.message}>
        {(wiring) => (
          <Select {...form.register('expiresInDays')} {...wiring}>
            {LIFETIMES.map(([days, words]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" busy={isSubmitting}>
          Make the key
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

function checkName(name: string): true | string {
  if (isBlank(name)) return 'Give it a name.';
  return countCharacters(name.trim()) <= MAX_NAME || `At most ${MAX_NAME} characters.`;
}
