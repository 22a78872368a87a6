import { changeProfile } from '../../api/account';
import { APPEARANCES, type Appearance } from '../../api/types';
import { useAuth, useUser } from '../../contexts/auth';
import { useAction } from '../../hooks/useAction';
import { applyAppearance } from '../../lib/appearance';
import { ErrorMessage } from '../ErrorMessage';
import { SectionFrame } from './SectionFrame';

const WORDS: Record<Appearance, { label: string; says: string }> = {
  system: { label: 'System', says: 'Light or dark, as your device is' },
  light: { label: 'Light', says: 'Dark ink on paper' },
  dark: { label: 'Dark', says: 'Easier on the eyes at night' },
};

/** The color scheme. A change takes effect at once, on all of the user's devices. */
export default function AppearanceSection() {
  const user = useUser();
  const { learn } = useAuth();
  const { run, running, problem } = useAction(async (appearance: Appearance) => {
    applyAppearance(appearance);
    try {
      learn(await changeProfile({ preferences: { appearance } }));
    } catch (error) {
      applyAppearance(user.preferences?.appearance ?? 'system');
      throw error;
    }
  });
  const chosen = running ?? user.preferences?.appearance ?? 'system';
  return (
    <SectionFrame title="Appearance" lead="How the app looks, on all your devices.">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <fieldset className="mt-4">
        <legend className="sr-only">Appearance</legend>
        <div className="grid gap-3 sm:grid-cols-3">
          {APPEARANCES.map((appearance) => (
            <label
              key={appearance}
              className="relative flex cursor-pointer items-start gap-3 rounded-xl border border-edge bg-surface p-4 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="appearance"
                value={appearance}
                aria-label={WORDS[appearance].label}
                aria-describedby={`appearance-${appearance}`}
                checked={chosen === appearance}
                onChange={() => void run(appearance)}
                className="mt-0.5 size-5 shrink-0 accent-accent"
              />
              <span>
                <span className="block font-semibold">{WORDS[appearance].label}</span>
                <span id={`appearance-${appearance}`} className="block text-sm text-muted">
                  {WORDS[appearance].says}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </SectionFrame>
  );
}
