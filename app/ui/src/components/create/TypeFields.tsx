import type { FieldErrors, UseFormRegister } from 'react-hook-form';

import type { NewTextValues } from '../../lib/newText';
import { EMOJI, MAX_CALL_TO_ACTION, MAX_PRICE, NETWORKS } from '../../lib/typeFields';
import { Field } from '../Field';
import { Select } from '../Select';

interface TypeFieldsProps {
  register: UseFormRegister<NewTextValues>;
  errors: FieldErrors<NewTextValues>;
}

/** The fields of a product description. */
export function ProductFields({ register, errors }: TypeFieldsProps) {
  return (
    <>
      <Field id="points" label="Key features" hint="One per line. The text will mention all of them." error={errors.points?.message}>
        {(wiring) => <textarea {...register('points')} {...wiring} dir="auto" rows={3} className="input field-sizing-content max-h-60 min-h-24 resize-y" />}
      </Field>
      <Field id="price" label="Price" error={errors.price?.message}>
        {(wiring) => <input {...register('price')} {...wiring} type="text" dir="auto" autoComplete="off" maxLength={MAX_PRICE} placeholder="With its currency" className="input" />}
      </Field>
    </>
  );
}

/** The fields of a social post: network, call to action and emoji. */
export function SocialFields({ register, errors }: TypeFieldsProps) {
  return (
    <>
      <div className="grid gap-5 min-[400px]:grid-cols-2">
        <Field id="network" label="Network">
          {(wiring) => (
            <Select {...register('network')} {...wiring}>
              <option value="">Any</option>
              {Object.keys(NETWORKS).map((network) => (
                <option key={network}>{network}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field id="emoji" label="Emoji">
          {(wiring) => (
            <Select {...register('emoji')} {...wiring}>
              <option value="">As it suits the text</option>
              {Object.entries(EMOJI).map(([emoji, label]) => (
                <option key={emoji} value={emoji}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field id="callToAction" label="Call to action" error={errors.callToAction?.message}>
        {(wiring) => (
          <input {...register('callToAction')} {...wiring} type="text" dir="auto" autoComplete="off" maxLength={MAX_CALL_TO_ACTION} placeholder="What readers should do" className="input" />
        )}
      </Field>
    </>
  );
}
