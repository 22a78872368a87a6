import { useState } from 'react';

import type { OwnLimits, Person } from '../../api/admin';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { Button } from '../Button';
import { Field } from '../Field';

interface LimitsFormProps {
  person: Person;
  busy: boolean;
  onSave: (limits: OwnLimits) => void;
  onCancel: () => void;
}

const FIELDS: { name: keyof OwnLimits; label: string; most: number }[] = [
  { name: 'dailyGenerations', label: 'Texts a day', most: 100_000 },
  { name: 'monthlyTokens', label: 'Tokens a month', most: 1e15 },
  { name: 'storedBytes', label: 'Stored bytes', most: 1e15 },
];

type Typed = Record<keyof OwnLimits, string>;

/** A user's own limits: a number, 0 for no limit, or empty for the default from the settings. */
export function LimitsForm({ person, busy, onSave, onCancel }: LimitsFormProps) {
  const [typed, setTyped] = useState<Typed>(() => mapped((name) => person.limits[name]?.toString() ?? ''));
  const [tries, setTries] = useState(0);
  const element = useFirstInvalidFocus({ submitCount: tries, isSubmitting: false });
  const errors = mapped((name) => errorOf(typed[name], FIELDS.find((field) => field.name === name)?.most ?? 0));
  const submit = () => {
    setTries(tries + 1);
    if (Object.values(errors).some(Boolean)) return;
    onSave(mapped((name) => (typed[name].trim() === '' ? null : Number(typed[name]))));
  };
  return (
    <form
      ref={element}
      noValidate
      aria-label={`Limits of ${person.email}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="space-y-4 rounded-xl bg-sunken p-4"
    >
      <p className="text-sm text-muted">Empty: the limit of the settings. 0: no limit.</p>
      <div className="grid gap-4 sm:grid-cols-3">
        {FIELDS.map(({ name, label }) => (
          <Field key={name} id={`${name}-${person.id}`} label={label} error={tries > 0 ? errors[name] || undefined : undefined}>
            {(wiring) => (
              <input
                {...wiring}
                type="text"
                inputMode="numeric"
                autoComplete="off"
                value={typed[name]}
                onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
                className="input"
              />
            )}
          </Field>
        ))}
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" busy={busy}>
          Save limits
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function mapped<T>(of: (name: keyof OwnLimits) => T): Record<keyof OwnLimits, T> {
  return { dailyGenerations: of('dailyGenerations'), monthlyTokens: of('monthlyTokens'), storedBytes: of('storedBytes') };
}

function errorOf(text: string, most: number): string {
  const given = text.trim();
  if (given === '') return '';
  return /^\d{1,16}$/.test(given) && Number(given) <= most ? '' : `Enter a whole number up to ${most.toLocaleString('en')}, or nothing.`;
}
