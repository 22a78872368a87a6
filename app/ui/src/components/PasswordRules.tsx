import { isPasswordTooLong, PASSWORD_RULES } from '../lib/validation';
import { AlertIcon, CheckIcon, CircleIcon } from './icons';

/** The password rules, each ticked off as the password is typed. */
export function PasswordRules({ password }: { password: string }) {
  return (
    <>
      <ul className="grid gap-x-4 gap-y-1 min-[400px]:grid-cols-2" aria-label="Rules for the password">
        {PASSWORD_RULES.map(({ label, isMet }) => {
          const met = isMet(password);
          return (
            <li key={label} className={`flex items-center gap-1.5 ${met ? 'text-accent' : ''}`}>
              {met ? <CheckIcon className="size-4" /> : <CircleIcon className="size-4" />}
              <span>{label}</span>
              <span className="sr-only">{met ? '(met)' : '(not met yet)'}</span>
            </li>
          );
        })}
      </ul>
      {isPasswordTooLong(password) && (
        <p className="mt-1 flex items-center gap-1.5 text-danger">
          <AlertIcon className="size-4" />
          <span>Too long: at most 72 bytes, which is 72 plain letters</span>
        </p>
      )}
    </>
  );
}
