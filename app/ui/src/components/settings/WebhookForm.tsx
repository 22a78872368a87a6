import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';

import { webhookKeys } from '../../api/webhookKeys';
import {
  changeWebhook,
  createWebhook,
  WEBHOOK_EVENTS,
  type NewWebhook,
  type Webhook,
  type WebhookEvent,
  type WebhookWithSecret,
} from '../../api/webhooks';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { showServerErrors } from '../../lib/serverErrors';
import { countCharacters, isBlank } from '../../lib/validation';
import { EVENT_WORDS } from '../../lib/webhookWords';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field, FieldError } from '../Field';

type WebhookFormProps = { onCancel: () => void } & (
  | { webhook: Webhook; onSaved: () => void }
  | { webhook?: never; onSaved: (webhook: WebhookWithSecret) => void }
);

interface WebhookValues {
  url: string;
  events: WebhookEvent[];
  description: string;
}

const MAX_DESCRIPTION = 200;
const FIELDS = ['url', 'events', 'description'] as const;
const NEW: WebhookValues = {
  url: '',
  events: ['content.generation.completed', 'content.generation.failed', 'batch.finished'],
  description: '',
};

/** The form for a new or existing webhook: URL and events. */
export function WebhookForm({ webhook, onSaved, onCancel }: WebhookFormProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm<WebhookValues>({
    defaultValues: webhook ? { ...webhook, description: webhook.description ?? '' } : NEW,
    shouldFocusError: false,
  });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  useEffect(() => form.setFocus('url'), [form]);

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      if (webhook) {
        await changeWebhook(webhook.id, bodyOf(values));
        onSaved();
      } else {
        onSaved(await createWebhook(bodyOf(values)));
      }
      void queries.invalidateQueries({ queryKey: webhookKeys.list });
    } catch (error) {
      setProblem(showServerErrors(error, [...FIELDS], form.setError));
    }
  });

  return (
    <form ref={element} onSubmit={submit} noValidate aria-label={webhook ? 'Change webhook' : 'New webhook'} className="card space-y-5 p-5">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <Field id="url" label="Address" hint="Where your server takes messages, such as https://example.com/hooks." error={errors.url?.message}>
        {(wiring) => (
          <input
            {...form.register('url', { validate: (url) => !isBlank(url) || 'Enter an address.' })}
            {...wiring}
            type="url"
            inputMode="url"
            dir="ltr"
            autoComplete="off"
            spellCheck={false}
            required
            className="input"
          />
        )}
      </Field>
      <EventChoice form={form} />
      <Field id="description" label="Description (optional)" hint="To tell it from your other webhooks." error={errors.description?.message}>
        {(wiring) => (
          <input {...form.register('description', { validate: checkDescription })} {...wiring} type="text" dir="auto" autoComplete="off" className="input" />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" busy={isSubmitting}>
          {webhook ? 'Save' : 'Add webhook'}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

function EventChoice({ form }: { form: UseFormReturn<WebhookValues> }) {
  const { errors } = form.formState;
  return (
    <fieldset aria-describedby={errors.events ? 'events-error' : undefined}>
      <legend className="mb-1 text-sm font-semibold">Events</legend>
      {WEBHOOK_EVENTS.map((event) => (
        <label key={event} className="flex min-h-11 items-center gap-3 py-1.5">
          <input
            {...form.register('events', { validate: (events) => events.length > 0 || 'Choose at least one.' })}
            type="checkbox"
            value={event}
            aria-invalid={Boolean(errors.events)}
            className="size-5 shrink-0 accent-accent"
          />
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span>{EVENT_WORDS[event]}</span>
            <code className="text-xs break-all text-muted">{event}</code>
          </span>
        </label>
      ))}
      <FieldError id="events-error" message={errors.events?.message} />
    </fieldset>
  );
}

function bodyOf({ url, events, description }: WebhookValues): NewWebhook {
  return { url: url.trim(), events, description: isBlank(description) ? null : description.trim() };
}

function checkDescription(text: string): true | string {
  return countCharacters(text.trim()) <= MAX_DESCRIPTION || `At most ${MAX_DESCRIPTION} characters.`;
}
