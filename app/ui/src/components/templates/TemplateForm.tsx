import { useState } from 'react';

import { CONTENT_TYPES } from '../../api/types';
import type { useTemplateForm } from '../../hooks/useTemplateForm';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import type { TemplateValues } from '../../lib/templateValues';
import { MAX_PROMPT } from '../../lib/validation';
import { CharacterCount } from '../CharacterCount';
import { Field, type FieldWiring } from '../Field';
import { LanguageOptions } from '../LanguageOptions';
import { Select } from '../Select';

type Form = ReturnType<typeof useTemplateForm>;
type TextField = Exclude<keyof TemplateValues, 'contentType'>;

const WISHES: { field: TextField; label: string; hint?: string }[] = [
  { field: 'tone', label: 'Tone', hint: 'For example Friendly.' },
  { field: 'words', label: 'Length in words', hint: 'For example 120.' },
  { field: 'audience', label: 'Audience' },
  { field: 'keywords', label: 'Keywords', hint: 'Separate them with commas.' },
  { field: 'avoid', label: 'Words to avoid', hint: 'Separate them with commas.' },
];

const HOW = 'Write {{name}} where each text has its own words: {{product_name}}, {{price}}.';

/** The form of a template. All fields except length and language may contain variables. */
export function TemplateForm({ form }: { form: Form }) {
  return (
    <div className="space-y-5">
      <Line form={form} field="name" label="Name" />
      <Field id="template-contentType" label="Type">
        {(wiring) => (
          <Select {...wiring} value={form.values.contentType} onChange={(event) => form.set('contentType', CONTENT_TYPES.find((type) => type === event.target.value) ?? 'product')}>
            {CONTENT_TYPES.map((type) => (
              <option key={type} value={type}>
                {CONTENT_TYPE_TEXT[type].label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Line form={form} field="title" label="Title of each text" />
      <Field id="template-prompt" label="Brief" error={form.errors.prompt} hint={HOW} aside={<CharacterCount text={form.values.prompt} maximum={MAX_PROMPT} />}>
        {(wiring) => <Lines form={form} field="prompt" wiring={wiring} rows={6} className="max-h-96 min-h-36" />}
      </Field>
      <Wishes form={form} />
    </div>
  );
}

function Wishes({ form }: { form: Form }) {
  const isUsed = [...WISHES.map(({ field }) => field), 'language' as const, 'points' as const].some((field) => form.values[field] !== '');
  const [isOpen, setOpen] = useState(isUsed);
  const isWrong = WISHES.some(({ field }) => form.errors[field]) || form.errors.points !== undefined;
  return (
    <details className="rounded-xl border border-line px-4 py-3" open={isOpen || isWrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="rounded-lg text-sm font-semibold">Tone, length, language, keywords…</summary>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        {WISHES.map(({ field, label, hint }) => (
          <Line key={field} form={form} field={field} label={label} hint={hint} />
        ))}
        <Field id="template-language" label="Language" error={form.errors.language}>
          {(wiring) => (
            <Select {...wiring} value={form.values.language} onChange={(event) => form.set('language', event.target.value)}>
              <LanguageOptions open="As the brief" />
            </Select>
          )}
        </Field>
        <div className="sm:col-span-2">
          <Field id="template-points" label="What must be said" hint="One point per line." error={form.errors.points}>
            {(wiring) => <Lines form={form} field="points" wiring={wiring} rows={3} className="max-h-60 min-h-20" />}
          </Field>
        </div>
      </div>
    </details>
  );
}

interface LineProps {
  form: Form;
  field: TextField;
  label: string;
  hint?: string | undefined;
}

function Line({ form, field, label, hint }: LineProps) {
  return (
    <Field id={`template-${field}`} label={label} error={form.errors[field]} hint={hint}>
      {(wiring) => (
        <input
          {...wiring}
          type="text"
          dir="auto"
          autoComplete="off"
          inputMode={field === 'words' ? 'numeric' : undefined}
          value={form.values[field]}
          onChange={(event) => form.set(field, event.target.value)}
          className="input"
        />
      )}
    </Field>
  );
}

interface LinesProps {
  form: Form;
  field: TextField;
  wiring: FieldWiring;
  rows: number;
  className: string;
}

/** A multiline field that grows with its text. */
function Lines({ form, field, wiring, rows, className }: LinesProps) {
  return (
    <textarea
      {...wiring}
      dir="auto"
      rows={rows}
      value={form.values[field]}
      onChange={(event) => form.set(field, event.target.value)}
      className={`input field-sizing-content resize-y ${className}`}
    />
  );
}
