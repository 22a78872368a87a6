import { LANGUAGES } from '../lib/languages';

/** The options of a field for the language of a text. The first one leaves it open. */
export function LanguageOptions({ open }: { open: string }) {
  return (
    <>
      <option value="">{open}</option>
      {LANGUAGES.map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </>
  );
}
