import type { FieldErrors, UseFormRegister } from 'react-hook-form';

import type { NewTextValues } from '../../lib/newText';
import { Field } from '../Field';
import { Select } from '../Select';

interface StartChoiceProps {
  start: string;
  register: UseFormRegister<NewTextValues>;
  errors: FieldErrors<NewTextValues>;
}

/** Chooses when the generation starts. */
export function StartChoice({ start, register, errors }: StartChoiceProps) {
  return (
    <div className="grid gap-5 min-[400px]:grid-cols-2">
      <Field id="start" label="Start">
        {(wiring) => (
          <Select {...register('start')} {...wiring}>
            <option value="now">At once</option>
            <option value="later">After the usual delay</option>
            <option value="at">Schedule…</option>
          </Select>
        )}
      </Field>
      {start === 'at' && (
        <Field id="startAt" label="Date and time" error={errors.startAt?.message}>
          {(wiring) => <input {...register('startAt')} {...wiring} type="datetime-local" className="input" />}
        </Field>
      )}
    </div>
  );
}
