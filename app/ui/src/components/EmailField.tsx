import type { UseFormRegisterReturn } from 'react-hook-form';

import { Field } from './Field';

interface EmailFieldProps {
  registration: UseFormRegisterReturn;
  error: string | undefined;
}

/** An email field. Not `type="email"`, because browsers convert internationalized domains to Punycode there. */
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
