import type { UseFormRegisterReturn } from 'react-hook-form';

import { PasswordField } from './PasswordField';
import { PasswordRules } from './PasswordRules';

interface NewPasswordFieldProps {
  id?: string;
  label?: string;
  registration: UseFormRegisterReturn;
  error: string | undefined;
  /** What has been typed so far. */
  password: string;
}

/** A field for a new password, with the password rules. */
export function NewPasswordField({ password, ...field }: NewPasswordFieldProps) {
  return <PasswordField {...field} autoComplete="new-password" hint={<PasswordRules password={password} />} />;
}
