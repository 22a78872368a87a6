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
import { KeptDraft } from '../components/KeptDraft';
import { NotKept } from '../components/NotKept';
import { PageHeading } from '../components/PageHeading';
import { TypeChoice } from '../components/TypeChoice';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { startingValues, useRequestDraft } from '../hooks/useRequestDraft';
import { showServerErrors } from '../lib/serverErrors';
import { MAX_PROMPT, MAX_TITLE, requestResolver, type RequestValues } from '../lib/validation';

export default function ContentCreate() {
  const user = useUser();
  const navigate = useNavigate();
  const notices = useNotices();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [initial] = useState(() => startingValues(user.id));
  const form = useForm<RequestValues>({ resolver: requestResolver, defaultValues: initial, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const [contentType, title, prompt] = useWatch({ control: form.control, name: ['contentType', 'title', 'prompt'] });
  const drafts = useRequestDraft(form, user.id);
  const [other] = drafts.others;

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      const content = await generateContent(values);
      storeContent(queries, content);
      drafts.forget();
      await navigate(`/contents/${content.id}`, { replace: true });
    } catch (error) {
      setProblem(showServerErrors(error, ['title', 'prompt', 'contentType'], form.setError));
    }
  });

  const submitOnShortcut = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isSubmitting) void submit();
  };

  const insertExample = (example: { title: string; prompt: string }) => {
    const undo = drafts.replace({ contentType, ...example });
    form.setFocus('prompt');
    notices.show({ text: 'Example inserted.', action: { label: 'Undo', run: undo } });
  };

  return (
    <div className="mx-auto max-w-3xl">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="New text" className="mt-3">
        What shall we write?
      </PageHeading>
      {other && (
        <KeptDraft
          key={other.key}
          draft={other}
          message="An unfinished text is kept on this device."
          takeUp="Continue it"
          onTakeUp={() => drafts.takeUp(other)}
          onDiscard={() => drafts.discard(other)}
        />
      )}
      <form ref={element} onSubmit={submit} noValidate className="mt-6 space-y-6">
        <TypeChoice registration={form.register('contentType')} error={errors.contentType?.message} />
        <Field
          id="title"
          label="Title"
          error={errors.title?.message}
          aside={<CharacterCount text={title} maximum={MAX_TITLE} />}
        >
          {(wiring) => (
            <input {...form.register('title')} {...wiring} type="text" dir="auto" autoComplete="off" required className="input" />
          )}
        </Field>
        <Field
          id="prompt"
          label="Brief"
          error={errors.prompt?.message}
          aside={<CharacterCount text={prompt} maximum={MAX_PROMPT} />}
          hint="For whom is it, what must be in it, how long, in which tone and language?"
        >
          {(wiring) => (
            <textarea
              {...form.register('prompt')}
              {...wiring}
              dir="auto"
              rows={5}
              required
              onKeyDown={submitOnShortcut}
              className="input field-sizing-content max-h-[70dvh] min-h-36 resize-y leading-relaxed"
            />
          )}
        </Field>
        {problem && <ErrorMessage>{problem}</ErrorMessage>}
        {!drafts.isKept && <NotKept />}
        <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
          <Button type="submit" look="primary" busy={isSubmitting} className="min-h-12 px-7 text-base max-sm:w-full">
            Write it
          </Button>
          <p className="text-sm text-muted">You can watch it being written, or leave the page.</p>
        </div>
        <ExamplePrompt type={contentType} onUse={insertExample} />
      </form>
    </div>
  );
}
