import { useState, type ReactElement } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';

import { Field } from './Field';
import { EyeIcon, EyeOffIcon } from './icons';

interface PasswordFieldProps {
  id?: string;
  label?: string;
  registration: UseFormRegisterReturn;
  autoComplete: 'current-password' | 'new-password';
  error: string | undefined;
  hint?: ReactElement;
}

/** A password field with a button that shows the password. */
export function PasswordField({ id = 'password', label = 'Password', registration, autoComplete, error, hint }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field id={id} label={label} error={error} hint={hint}>
      {(wiring) => (
        <div className="relative">
          <input
            {...registration}
            {...wiring}
            type={shown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            required
            className="input pr-12"
          />
          <button
            type="button"
            className="icon-button absolute top-1/2 right-1.5 -translate-y-1/2"
            aria-label={`Show ${label.toLowerCase()}`}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOffIcon /> : <EyeIcon />}
          </button>
        </div>
      )}
    </Field>
  );
}
