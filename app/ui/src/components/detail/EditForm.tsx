import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';

import { storeContent } from '../../api/contentCache';
import { NetworkError } from '../../api/errors';
import { CONTENT_TYPES, type Content, type ContentChanges } from '../../api/types';
import { useUser } from '../../contexts/auth';
import { editValuesOf, useEditDraft, withDraft } from '../../hooks/useEditDraft';
import { useEditSave } from '../../hooks/useEditSave';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { useUnsavedGuard } from '../../hooks/useUnsavedGuard';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import type { Draft } from '../../lib/drafts';
import { showServerErrors } from '../../lib/serverErrors';
import { textBase } from '../../lib/textBase';
import { editResolver, isBlank, MAX_PROMPT, MAX_TITLE, type EditValues } from '../../lib/validation';
import { Button } from '../Button';
import { CharacterCount } from '../CharacterCount';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { NotKept } from '../NotKept';
import { Select } from '../Select';
import { ConflictDialog } from './ConflictDialog';
import { EditQuestion, type Question } from './EditQuestion';

const FIELDS = ['title', 'contentType', 'generatedText', 'prompt'] as const;

const NOT_SAVED = 'Not saved: the server cannot be reached. Your words are kept on this device, and saved when you are back.';

export interface EditFormProps {
  content: Content;
  /** An unsaved edit to go on with. */
  draft: Draft | null;
  onDone: (saved: boolean) => void;
}

/** Edits a piece in its place. Only what was changed is sent. */
export default function EditForm({ content, draft, onDone }: EditFormProps) {
  const queries = useQueryClient();
  const { id: userId } = useUser();
  const [problem, setProblem] = useState<string | null>(null);
  /** Whether what could not be sent is to be saved as soon as there is a network. */
  const [isWaiting, setWaiting] = useState(false);
  const [isKeeping, setKeeping] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const [begun] = useState(content);
  const form = useForm<EditValues>({ resolver: editResolver, defaultValues: editValuesOf(begun), shouldFocusError: false });
  const { errors, isSubmitting, isDirty, dirtyFields, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const [typedTitle, typedPrompt] = useWatch({ control: form.control, name: ['title', 'prompt'] });
  const guard = useUnsavedGuard(isDirty && !isSubmitting);
  const { isKept, forget } = useEditDraft(form, begun, userId, draft);
  const { save: send, keepMine, conflict, setConflict } = useEditSave(begun, draft?.base ?? null);

  useEffect(() => {
    if (draft) form.reset(withDraft(editValuesOf(begun), draft), { keepDefaultValues: true });
    form.setFocus('title');
  }, [form, begun, draft]);

  const finish = (saved: boolean) => {
    forget();
    onDone(saved);
  };

  const save = async (values: EditValues) => {
    setProblem(null);
    setWaiting(false);
    const changes = Object.fromEntries(
      FIELDS.filter((field) => dirtyFields[field]).map((field) => [field, values[field]]),
    ) as ContentChanges;
    if (Object.keys(changes).length === 0) {
      finish(false);
      return;
    }
    try {
      if (await send(changes)) finish(true);
    } catch (error) {
      setWaiting(error instanceof NetworkError);
      setProblem(error instanceof NetworkError ? NOT_SAVED : showServerErrors(error, FIELDS, form.setError));
    }
  };

  const submit = form.handleSubmit(async (values) => {
    const isCleared = isBlank(values.generatedText) && !isBlank(begun.generatedText);
    if (isCleared) setQuestion('clear');
    else await save(values);
  });

  const keep = async () => {
    if (!conflict) return;
    setKeeping(true);
    try {
      if (await keepMine(conflict)) finish(true);
    } catch (error) {
      setConflict(null);
      setProblem(showServerErrors(error, FIELDS, form.setError));
    } finally {
      setKeeping(false);
    }
  };

  /** What was typed stays on this device, and is offered beside the other text. */
  const takeOther = (theirs: Content) => {
    storeContent(queries, theirs);
    onDone(false);
  };

  const saveNow = useEffectEvent(() => void form.handleSubmit(save)());
  useEffect(() => {
    if (!isWaiting) return;
    const back = () => saveNow();
    window.addEventListener('online', back);
    return () => window.removeEventListener('online', back);
  }, [isWaiting]);

  const confirmed = (answered: Question) => {
    setQuestion(null);
    if (answered === 'clear') void form.handleSubmit(save)();
    else if (answered === 'leave') guard.leave();
    else finish(false);
  };

  return (
    <form ref={element} onSubmit={submit} noValidate aria-label="Edit" className="mt-6 space-y-6">
      {content.revision !== textBase(begun, draft?.base ?? null) && (
        <ErrorMessage>This text was changed elsewhere since you began. When you save, you can compare the two.</ErrorMessage>
      )}
      <Field
        id="title"
        label="Title"
        error={errors.title?.message}
        aside={<CharacterCount text={typedTitle} maximum={MAX_TITLE} />}
      >
        {(wiring) => (
          <input {...form.register('title')} {...wiring} type="text" dir="auto" autoComplete="off" required className="input" />
        )}
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
            dir="auto"
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
            dir="auto"
            rows={4}
            required
            className="input field-sizing-content max-h-80 min-h-28 resize-y"
          />
        )}
      </Field>
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      {!isKept && <NotKept />}
      <div className="sticky bottom-0 -mx-4 flex gap-3 border-t border-line bg-paper px-4 py-3 sm:-mx-6 sm:px-6">
        <Button type="submit" look="primary" busy={isSubmitting}>
          Save
        </Button>
        <Button onClick={() => (isDirty ? setQuestion('cancel') : finish(false))}>Cancel</Button>
      </div>
      {conflict && (
        <ConflictDialog
          theirs={conflict.theirs}
          mine={conflict.changes.generatedText ?? conflict.theirs.generatedText}
          busy={isKeeping}
          onKeepMine={() => void keep()}
          onUseTheirs={() => takeOther(conflict.theirs)}
          onCancel={() => setConflict(null)}
        />
      )}
      <EditQuestion
        question={guard.isAsking ? 'leave' : question}
        onConfirm={confirmed}
        onCancel={() => {
          if (guard.isAsking) guard.stay();
          setQuestion(null);
        }}
      />
    </form>
  );
}
