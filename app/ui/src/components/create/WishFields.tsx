import type { FieldErrors, UseFormRegister } from 'react-hook-form';

import type { NewTextValues } from '../../lib/newText';
import { MAX_PROMPT, MAX_TITLE } from '../../lib/validation';
import { CharacterCount } from '../CharacterCount';
import { Field } from '../Field';

interface WishFieldsProps {
  values: NewTextValues;
  register: UseFormRegister<NewTextValues>;
  errors: FieldErrors<NewTextValues>;
}

/** The brief and the optional title. */
export function WishFields({ values, register, errors }: WishFieldsProps) {
  return (
    <>
      <Field
        id="prompt"
        label="Brief: what is it about?"
        error={errors.prompt?.message}
        aside={<CharacterCount text={values.prompt} maximum={MAX_PROMPT} />}
      >
        {(wiring) => (
          <textarea
            {...register('prompt')}
            {...wiring}
            dir="auto"
            rows={5}
            required
            placeholder="What it is about, and what must be in it"
            className="input field-sizing-content max-h-[60dvh] min-h-36 resize-y leading-relaxed"
          />
        )}
      </Field>
      <Field
        id="title"
        label="Title (optional; we'll suggest one)"
        error={errors.title?.message}
        aside={values.title === '' ? undefined : <CharacterCount text={values.title} maximum={MAX_TITLE} />}
      >
        {(wiring) => <input {...register('title')} {...wiring} type="text" dir="auto" autoComplete="off" className="input" />}
      </Field>
    </>
  );
}
