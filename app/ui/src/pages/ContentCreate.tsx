import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useNavigate } from 'react-router';

import { storeContent } from '../api/contentCache';
import { generateContent } from '../api/contents';
import { BackLink } from '../components/BackLink';
import { Button } from '../components/Button';
import { CharacterCount } from '../components/CharacterCount';
import { ErrorMessage } from '../components/ErrorMessage';
import { ExamplePrompt } from '../components/ExamplePrompt';
import { Field } from '../components/Field';
import { PageHeading } from '../components/PageHeading';
import { TypeChoice } from '../components/TypeChoice';
import { useUser } from '../contexts/auth';
import { startingValues, useSavedDraft } from '../hooks/useRequestDraft';
import { forgetDrafts } from '../lib/drafts';
import { showServerErrors } from '../lib/serverErrors';
import { MAX_PROMPT, MAX_TITLE, requestSchema, type RequestValues } from '../lib/validation';

export default function ContentCreate() {
  const user = useUser();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [initial] = useState(() => startingValues(user.id));
  const form = useForm<RequestValues>({ resolver: zodResolver(requestSchema), defaultValues: initial });
  const { errors, isSubmitting } = form.formState;
  const [contentType, title, prompt] = useWatch({ control: form.control, name: ['contentType', 'title', 'prompt'] });
  useSavedDraft(form, user.id);

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      const content = await generateContent(values);
      storeContent(queries, content);
      forgetDrafts();
      await navigate(`/contents/${content.id}`, { replace: true });
    } catch (error) {
      setProblem(showServerErrors(error, ['title', 'prompt', 'contentType'], form.setError));
    }
  });

  const submitOnShortcut = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isSubmitting) void submit();
  };

  return (
    <div className="mx-auto max-w-3xl">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="New text" className="mt-3">
        What shall we write?
      </PageHeading>
      <form onSubmit={submit} noValidate className="mt-8 space-y-7">
        <TypeChoice registration={form.register('contentType')} error={errors.contentType?.message} />
        <Field
          id="title"
          label="Title"
          error={errors.title?.message}
          aside={<CharacterCount text={title} maximum={MAX_TITLE} />}
        >
          {(wiring) => <input {...form.register('title')} {...wiring} type="text" autoComplete="off" required className="input" />}
        </Field>
        <Field
          id="prompt"
          label="What should it say?"
          error={errors.prompt?.message}
          aside={<CharacterCount text={prompt} maximum={MAX_PROMPT} />}
          hint="For whom is it, what must be in it, how long, in which tone and language?"
        >
          {(wiring) => (
            <textarea
              {...form.register('prompt')}
              {...wiring}
              rows={8}
              required
              onKeyDown={submitOnShortcut}
              className="input field-sizing-content max-h-[70dvh] min-h-48 resize-y leading-relaxed"
            />
          )}
        </Field>
        <ExamplePrompt
          type={contentType}
          replaces={title.trim() !== '' || prompt.trim() !== ''}
          onUse={(example) => {
            form.setValue('title', example.title, { shouldValidate: true });
            form.setValue('prompt', example.prompt, { shouldValidate: true });
            form.setFocus('prompt');
          }}
        />
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
          <Button type="submit" look="primary" busy={isSubmitting} className="min-h-12 px-7 text-base max-sm:w-full">
            Write it
          </Button>
          <p className="text-sm text-muted">Writing begins in a minute. Until then you can change your mind.</p>
        </div>
      </form>
    </div>
  );
}
