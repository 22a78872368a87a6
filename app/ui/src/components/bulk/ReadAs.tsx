import type { BulkDraft } from '../../hooks/useBulkDraft';
import type { Reading } from '../../hooks/useReadRows';
import { Field } from '../Field';
import { Select } from '../Select';

const ENCODINGS: [string, string][] = [
  ['utf-8', 'UTF-8'],
  ['cp1252', 'Windows-1252 (Western Europe)'],
  ['utf-16', 'UTF-16'],
  ['cp1250', 'Windows-1250 (Central Europe)'],
  ['cp1251', 'Windows-1251 (Cyrillic)'],
  ['cp1253', 'Windows-1253 (Greek)'],
  ['cp1254', 'Windows-1254 (Turkish)'],
  ['cp1255', 'Windows-1255 (Hebrew)'],
  ['cp1256', 'Windows-1256 (Arabic)'],
  ['shift_jis', 'Shift-JIS (Japanese)'],
  ['gb18030', 'GB18030 (Chinese)'],
  ['big5', 'Big5 (Chinese)'],
  ['euc_kr', 'EUC-KR (Korean)'],
  ['mac_roman', 'Mac Roman'],
  ['cp437', 'DOS (437)'],
];

const DELIMITERS: [string, string][] = [
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['\t', 'Tab'],
  ['|', 'Vertical bar'],
];

/** How the rows were parsed (encoding and delimiter), which the user can correct. */
export function ReadAs({ draft, reading }: { draft: BulkDraft; reading: Reading }) {
  const { sheet, fileName, pasted } = draft;
  if (!sheet) return null;
  const isFile = draft.way === 'file';
  // Pasted text is stored; a file has to be chosen again after a reload.
  const source = isFile ? reading.source : new Blob([pasted]);
  const again = (encoding: string, delimiter: string) => {
    if (source) reading.read(source, { fileName, pasted }, { encoding, delimiter });
  };
  return (
    <div className="grid gap-4 rounded-xl bg-sunken p-4 sm:grid-cols-2">
      {isFile && (
        <Field id="encoding" label="Read as">
          {(wiring) => (
            <Select {...wiring} disabled={!source} value={sheet.encoding} onChange={(event) => again(event.target.value, '')}>
              {withChosen(ENCODINGS, sheet.encoding).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field id="delimiter" label="Between the columns">
        {(wiring) => (
          <Select {...wiring} disabled={!source} value={sheet.delimiter} onChange={(event) => again(isFile ? sheet.encoding : '', event.target.value)}>
            {withChosen(DELIMITERS, sheet.delimiter).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <p className="text-sm text-muted sm:col-span-2">
        {source ? 'If letters look wrong below, choose another way to read it. Your own changes to the table are then replaced.' : 'Choose the file again to read it in another way.'}
      </p>
    </div>
  );
}

function withChosen(choices: [string, string][], chosen: string): [string, string][] {
  return choices.some(([value]) => value === chosen) ? choices : [...choices, [chosen, chosen]];
}
