import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';

import { storeContent } from '../../api/contentCache';
import { updateContent } from '../../api/contents';
import { CONTENT_TYPES, type Content, type ContentChanges } from '../../api/types';
import { useUnsavedGuard } from '../../hooks/useUnsavedGuard';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { showServerErrors } from '../../lib/serverErrors';
import { editSchema, MAX_PROMPT, MAX_TITLE, type EditValues } from '../../lib/validation';
import { Button } from '../Button';
import { CharacterCount } from '../CharacterCount';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { Select } from '../Select';

const ConfirmDialog = lazy(() => import('../ConfirmDialog'));

const FIELDS = ['title', 'contentType', 'generatedText', 'prompt'] as const;

interface EditFormProps {
  content: Content;
  onDone: (saved: boolean) => void;
}

/** Edits a piece in its place. Only what was changed is sent. */
export default function EditForm({ content, onDone }: EditFormProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const { title, contentType, generatedText, prompt } = content;
  const form = useForm<EditValues>({
    resolver: zodResolver(editSchema),
    defaultValues: { title, contentType, generatedText, prompt },
  });
  const { errors, isSubmitting, isDirty, dirtyFields } = form.formState;
  const [typedTitle, typedPrompt] = useWatch({ control: form.control, name: ['title', 'prompt'] });
  const guard = useUnsavedGuard(isDirty && !isSubmitting);

  useEffect(() => form.setFocus('title'), [form]);

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    const changes = Object.fromEntries(
      FIELDS.filter((field) => dirtyFields[field]).map((field) => [field, values[field]]),
    ) as ContentChanges;
    if (Object.keys(changes).length === 0) {
      onDone(false);
      return;
    }
    try {
      storeContent(queries, await updateContent(content.id, changes));
      onDone(true);
    } catch (error) {
      setProblem(showServerErrors(error, FIELDS, form.setError));
    }
  });

  return (
    <form onSubmit={submit} noValidate aria-label="Edit" className="mt-6 space-y-6">
      <Field
        id="title"
        label="Title"
        error={errors.title?.message}
        aside={<CharacterCount text={typedTitle} maximum={MAX_TITLE} />}
      >
        {(wiring) => <input {...form.register('title')} {...wiring} type="text" autoComplete="off" required className="input" />}
      </Field>
      <Field id="contentType" label="Type" error={errors.contentType?.message}>
        {(wiring) => (
          <Select {...form.register('contentType')} {...wiring}>
            {CONTENT_TYPES.map((type) => (
              <option key={type} value={type}>
                {CONTENT_TYPE_TEXT[type].label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field id="generatedText" label="Text" error={errors.generatedText?.message} hint="Markdown works: # heading, **bold**, - list.">
        {(wiring) => (
          <textarea
            {...form.register('generatedText')}
            {...wiring}
            rows={16}
            className="input field-sizing-content max-h-[75dvh] min-h-80 resize-y font-serif text-lg leading-relaxed"
          />
        )}
      </Field>
      <Field
        id="prompt"
        label="Request"
        error={errors.prompt?.message}
        aside={<CharacterCount text={typedPrompt} maximum={MAX_PROMPT} />}
      >
        {(wiring) => (
          <textarea
            {...form.register('prompt')}
            {...wiring}
            rows={4}
            required
            className="input field-sizing-content max-h-80 min-h-28 resize-y"
          />
        )}
      </Field>
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <div className="sticky bottom-0 -mx-4 flex gap-3 border-t border-line bg-paper px-4 py-3 sm:-mx-6 sm:px-6">
        <Button type="submit" look="primary" busy={isSubmitting}>
          Save
        </Button>
        <Button onClick={() => onDone(false)}>Cancel</Button>
      </div>
      {guard.isAsking && (
        <Suspense>
          <ConfirmDialog
            title="Leave without saving?"
            confirm="Leave"
            cancel="Stay here"
            onConfirm={guard.leave}
            onCancel={guard.stay}
          >
            Your changes to this text would be lost.
          </ConfirmDialog>
        </Suspense>
      )}
    </form>
  );
}
