import type { UseFormRegisterReturn } from 'react-hook-form';

import { CONTENT_TYPES } from '../api/types';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { FieldError } from './Field';

interface TypeChoiceProps {
  registration: UseFormRegisterReturn;
  error: string | undefined;
}

/** What the text is to be: three cards, one choice. */
export function TypeChoice({ registration, error }: TypeChoiceProps) {
  return (
    <fieldset aria-describedby={error ? 'contentType-error' : undefined}>
      <legend className="mb-2 text-sm font-semibold">What are you writing?</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        {CONTENT_TYPES.map((type) => {
          const { label, description, Icon } = CONTENT_TYPE_TEXT[type];
          return (
            <label
              key={type}
              className="relative flex cursor-pointer gap-3 rounded-2xl border border-edge bg-surface p-4 transition-colors hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:flex-col sm:gap-2"
            >
              <input {...registration} type="radio" value={type} className="peer absolute inset-0 size-full cursor-pointer appearance-none rounded-2xl outline-none" />
              <span
                aria-hidden="true"
                className="absolute top-4 right-4 size-5 rounded-full border-2 border-edge bg-surface peer-checked:border-[6px] peer-checked:border-accent"
              />
              <Icon className="size-6 text-muted peer-checked:text-accent" />
              <span className="min-w-0 max-sm:pr-8">
                <span className="block font-semibold">{label}</span>
                <span className="mt-0.5 block text-sm text-muted">{description}</span>
              </span>
            </label>
          );
        })}
      </div>
      <FieldError id="contentType-error" message={error} />
    </fieldset>
  );
}
