import type { UseFormRegisterReturn } from 'react-hook-form';

import { Field } from './Field';

interface EmailFieldProps {
  registration: UseFormRegisterReturn;
  error: string | undefined;
}

/** An email address. Not an input of the type "email": that one turns an address of another script into its coded form. */
export function EmailField({ registration, error }: EmailFieldProps) {
  return (
    <Field id="email" label="Email" error={error}>
      {(wiring) => (
        <input
          {...registration}
          {...wiring}
          type="text"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          dir="auto"
          required
          className="input"
        />
      )}
    </Field>
  );
}
