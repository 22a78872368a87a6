import type { UseFormRegisterReturn } from 'react-hook-form';

import { CONTENT_TYPES, type ContentType } from '../api/types';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { FieldError } from './Field';

interface TypeChoiceProps {
  registration: UseFormRegisterReturn;
  chosen: ContentType;
  error: string | undefined;
}

/** Chooses the content type, with a description of the selected one. */
export function TypeChoice({ registration, chosen, error }: TypeChoiceProps) {
  return (
    <fieldset aria-describedby={error ? 'contentType-error' : undefined}>
      <legend className="mb-2 text-sm font-semibold">What are you writing?</legend>
      <div className="grid grid-cols-3 gap-1 min-[360px]:gap-2">
        {CONTENT_TYPES.map((type) => (
          <TypeCard key={type} type={type} registration={registration} />
        ))}
      </div>
      <p className="mt-2 text-sm text-muted">{CONTENT_TYPE_TEXT[chosen].description}</p>
      <FieldError id="contentType-error" message={error} />
    </fieldset>
  );
}

function TypeCard({ type, registration }: { type: ContentType; registration: UseFormRegisterReturn }) {
  const { label, Icon } = CONTENT_TYPE_TEXT[type];
  return (
    <label className="relative flex cursor-pointer flex-col gap-1.5 rounded-xl border border-edge bg-surface p-1.5 min-[360px]:p-2 min-[400px]:p-3 transition-colors hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input {...registration} type="radio" value={type} className="peer absolute inset-0 size-full cursor-pointer appearance-none rounded-xl outline-none" />
      <span
        aria-hidden="true"
        className="absolute top-3 right-3 size-4.5 rounded-full border-2 border-edge bg-surface peer-checked:border-[5px] peer-checked:border-accent"
      />
      <Icon className="size-5.5 text-muted peer-checked:text-accent" />
      <span className="text-xs leading-snug font-semibold tracking-tight min-[360px]:text-sm min-[360px]:tracking-normal">{label}</span>
    </label>
  );
}
