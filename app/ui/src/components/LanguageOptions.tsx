import { LANGUAGES } from '../lib/languages';

/** The options of a language select. The first one means "not specified". */
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
