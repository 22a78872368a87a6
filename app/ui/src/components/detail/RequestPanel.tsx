import { useState, type SyntheticEvent } from 'react';

import { isFinal } from '../../api/generationStatus';
import type { Content } from '../../api/types';
import { useUser } from '../../contexts/auth';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useRequestForm } from '../../hooks/useRequestForm';
import { MAX_PROMPT } from '../../lib/validation';
import type { RequestField } from '../../lib/requestValues';
import { wordsIn } from '../../lib/drafts';
import { Button } from '../Button';
import { CharacterCount } from '../CharacterCount';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { NotKept } from '../NotKept';
import { OfferedDraft } from '../OfferedDraft';

interface RequestPanelProps {
  content: Content;
  actions: GenerationActions;
  /** Called when the new generation has started. */
  onSent: () => void;
}

const WISHES: { field: RequestField; label: string; hint?: string }[] = [
  { field: 'words', label: 'Words', hint: 'How long it should be, for example 120.' },
  { field: 'keywords', label: 'Keywords', hint: 'Separated by commas.' },
  { field: 'audience', label: 'Audience' },
  { field: 'tone', label: 'Tone' },
  { field: 'language', label: 'Language', hint: 'A tag such as en, de-AT or fr.' },
  { field: 'avoid', label: 'Words to avoid', hint: 'Separated by commas.' },
];

const ALL_WISHES: RequestField[] = [...WISHES.map(({ field }) => field), 'points'];

/** The request, which can be changed and sent again. */
export default function RequestPanel({ content, actions, onSent }: RequestPanelProps) {
  const { id: userId } = useUser();
  const form = useRequestForm(content, userId);
  const element = useFirstInvalidFocus({ submitCount: form.attempts, isSubmitting: form.isSending });
  const isUnfinished = !isFinal(content.generationStatus);
  const [isOpen, setOpen] = useState(ALL_WISHES.some((field) => form.values[field] !== ''));

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (await form.send((request) => actions.replace(request, isUnfinished))) onSent();
  };
  const wiringOf = (field: RequestField) => ({
    value: form.values[field],
    onChange: (event: { target: { value: string } }) => form.set(field, event.target.value),
    dir: 'auto' as const,
  });

  return (
    <form ref={element} onSubmit={(event) => void submit(event)} noValidate aria-label="Request" className="space-y-5">
      <OfferedDraft drafts={form} message="A changed request is kept on this device." excerptOf={wordsIn} onTakeUp={form.takeUp} />
      <Field id="request-prompt" label="Brief" error={form.errors.prompt} aside={<CharacterCount text={form.values.prompt} maximum={MAX_PROMPT} />}>
        {(wiring) => <textarea {...wiring} {...wiringOf('prompt')} rows={6} required className="input field-sizing-content max-h-80 min-h-32 resize-y" />}
      </Field>
      {content.jobId !== null && (
        <Field id="request-instruction" label="What should be different this time?" error={form.errors.instruction} hint="Optional, for example “Give more examples”.">
          {(wiring) => <textarea {...wiring} {...wiringOf('instruction')} rows={2} className="input field-sizing-content max-h-60 min-h-16 resize-y" />}
        </Field>
      )}
      <details
        className="rounded-xl border border-line px-4 py-3"
        open={isOpen || ALL_WISHES.some((field) => form.errors[field])}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary className="rounded-lg text-sm font-semibold">Length, keywords, audience…</summary>
        <div className="mt-4 space-y-4">
          {WISHES.map(({ field, label, hint }) => (
            <Field key={field} id={`request-${field}`} label={label} error={form.errors[field]} hint={hint}>
              {(wiring) => (
                <input {...wiring} {...wiringOf(field)} type="text" inputMode={field === 'words' ? 'numeric' : undefined} autoComplete="off" className="input" />
              )}
            </Field>
          ))}
          <Field id="request-points" label="What must be said" error={form.errors.points} hint="One point per line.">
            {(wiring) => <textarea {...wiring} {...wiringOf('points')} rows={3} className="input field-sizing-content max-h-60 min-h-20 resize-y" />}
          </Field>
        </div>
      </details>
      {!form.isKept && <NotKept />}
      {form.problem && <ErrorMessage>{form.problem}</ErrorMessage>}
      <div className="flex flex-wrap gap-2.5">
        <Button type="submit" look="primary" busy={form.isSending}>
          {isUnfinished ? 'Write this instead' : content.generatedText.trim() === '' ? 'Write it' : 'Write it again'}
        </Button>
        {form.isChanged && <Button onClick={form.reset}>Put it back</Button>}
      </div>
      {content.generatedText.trim() !== '' && <p className="text-sm text-muted">The text that is there stays until the new one is complete, and is kept as a version.</p>}
    </form>
  );
}
