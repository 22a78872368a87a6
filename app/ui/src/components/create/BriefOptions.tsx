import type { FieldErrors, UseFormRegister, UseFormSetValue } from 'react-hook-form';

import { USUAL_WORDS, type NewTextValues } from '../../lib/newText';
import { Field } from '../Field';
import { LanguageOptions } from '../LanguageOptions';
import { Select } from '../Select';
import { StartChoice } from './StartChoice';
import { ProductFields, SocialFields } from './TypeFields';

interface BriefOptionsProps {
  values: NewTextValues;
  register: UseFormRegister<NewTextValues>;
  setValue: UseFormSetValue<NewTextValues>;
  errors: FieldErrors<NewTextValues>;
}

const TONES = ['Neutral', 'Friendly', 'Expert', 'Playful', 'Warm', 'Persuasive'];
const MORE = ['keywords', 'avoid', 'points'] as const;

/** Optional requirements for the text, which are checked afterwards. */
export default function BriefOptions({ values, register, setValue, errors }: BriefOptionsProps) {
  return (
    <div className="space-y-5">
      {values.contentType === 'product' && <ProductFields register={register} errors={errors} />}
      {values.contentType === 'social' && <SocialFields register={register} errors={errors} />}
      <div className="grid gap-5 min-[400px]:grid-cols-2">
        <Field id="audience" label="Audience" error={errors.audience?.message}>
          {(wiring) => <input {...register('audience')} {...wiring} type="text" dir="auto" autoComplete="off" placeholder="For whom?" className="input" />}
        </Field>
        <Field id="tone" label="Tone" error={errors.tone?.message}>
          {(wiring) => (
            <input {...register('tone')} {...wiring} type="text" dir="auto" autoComplete="off" list="tones" placeholder="As it suits the text" className="input" />
          )}
        </Field>
        <datalist id="tones">
          {TONES.map((tone) => (
            <option key={tone} value={tone} />
          ))}
        </datalist>
        <Field id="language" label="Language" error={errors.language?.message}>
          {(wiring) => (
            <Select {...register('language')} {...wiring}>
              <LanguageOptions open="As your brief" />
            </Select>
          )}
        </Field>
        <Length values={values} register={register} setValue={setValue} errors={errors} />
      </div>
      <More register={register} errors={errors} values={values} />
      <StartChoice start={values.start} register={register} errors={errors} />
    </div>
  );
}

function Length({ values, register, setValue, errors }: BriefOptionsProps) {
  const usual = USUAL_WORDS[values.contentType];
  const choices = [
    ['Short', usual.short],
    ['Medium', usual.medium],
    ['Long', usual.long],
  ] as const;
  return (
    <Field
      id="words"
      label="Length in words"
      error={errors.words?.message}
      hint={
        <div role="group" aria-label="Usual lengths" className="flex flex-wrap gap-1">
          {choices.map(([name, words]) => (
            <button
              key={name}
              type="button"
              aria-pressed={values.words === words}
              onClick={() => setValue('words', values.words === words ? '' : words, { shouldDirty: true, shouldValidate: true })}
              className="chip"
            >
              {name}
            </button>
          ))}
        </div>
      }
    >
      {(wiring) => <input {...register('words')} {...wiring} type="text" inputMode="numeric" autoComplete="off" placeholder="As usual" className="input" />}
    </Field>
  );
}

function More({ values, register, errors }: Omit<BriefOptionsProps, 'setValue'>) {
  // For a product, the key features above are used instead.
  const fields = MORE.filter((field) => field !== 'points' || values.contentType !== 'product');
  const isUsed = fields.some((field) => values[field].trim() !== '' || errors[field] !== undefined);
  return (
    // Opens when a field has a value or an error.
    <details open={isUsed || undefined} className="group">
      <summary className="-ml-1 inline-flex min-h-10 items-center rounded-lg px-1 text-sm font-semibold text-accent">
        {fields.includes('points') ? 'Keywords, words to avoid, points to make' : 'Keywords, words to avoid'}
      </summary>
      <div className="mt-3 space-y-5">
        <Field id="keywords" label="Keywords" hint="Separate them with commas." error={errors.keywords?.message}>
          {(wiring) => <input {...register('keywords')} {...wiring} type="text" dir="auto" autoComplete="off" className="input" />}
        </Field>
        <Field id="avoid" label="Words to avoid" hint="Separate them with commas." error={errors.avoid?.message}>
          {(wiring) => <input {...register('avoid')} {...wiring} type="text" dir="auto" autoComplete="off" className="input" />}
        </Field>
        {fields.includes('points') && (
          <Field id="points" label="What must be said" hint="One point per line." error={errors.points?.message}>
            {(wiring) => <textarea {...register('points')} {...wiring} dir="auto" rows={3} className="input field-sizing-content max-h-60 min-h-24 resize-y" />}
          </Field>
        )}
      </div>
    </details>
  );
}
