import { useState, type ReactElement } from 'react';

import { ApiError, messageOf } from '../../api/errors';
import { readTable } from '../../api/batches';
import { WAYS, type BulkDraft, type Way } from '../../hooks/useBulkDraft';
import { handOver } from '../../lib/download';
import { EMPTY_SHEET, filledRows, MOST_ROWS, sheetOf } from '../../lib/sheet';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { Loader } from '../Loader';
import { ReadAs } from './ReadAs';
import { RowProblems } from './RowProblems';
import { SheetGrid } from './SheetGrid';

interface RowsStepProps {
  draft: BulkDraft;
  onChange: (changes: Partial<BulkDraft>) => void;
  onNext: () => void;
}

const WAY_NAMES: Record<Way, string> = { paste: 'Paste', file: 'Upload a file', type: 'Type a table' };
const SAMPLE = '\ufeffproduct_name,features\r\nLinen apron,"washed linen, crossed straps, two deep pockets"\r\nStoneware mug,"350 ml, dishwasher safe, made by hand"\r\n';

/** Step 1: paste, upload or type the rows. */
export function RowsStep({ draft, onChange, onNext }: RowsStepProps) {
  const { sheet, way } = draft;
  const reading = useReading(onChange);
  const rows = sheet ? filledRows(sheet).length : 0;
  const problems = Object.keys(sheet?.problems ?? {}).length;
  const choose = (next: Way) => onChange({ way: next, ...(next === 'type' && !sheet ? { sheet: EMPTY_SHEET } : {}) });

  return (
    <div className="space-y-5">
      <div role="group" aria-label="How to enter the rows" className="flex flex-wrap items-center gap-2">
        {WAYS.map((each) => (
          <button key={each} type="button" aria-pressed={way === each} onClick={() => choose(each)} className="chip min-h-10 px-4">
            {WAY_NAMES[each]}
          </button>
        ))}
        <Button look="quiet" className="ml-auto" onClick={() => handOver(new Blob([SAMPLE], { type: 'text/csv' }), 'sample.csv')}>
          Download sample.csv
        </Button>
      </div>
      {way === 'paste' && <Paste pasted={draft.pasted} onPaste={(pasted) => reading.read(new Blob([pasted]), { pasted, fileName: '' })} onType={(pasted) => onChange({ pasted })} />}
      {way === 'file' && <Upload onFile={(file) => reading.read(file, { fileName: file.name, pasted: '' })} />}
      {reading.isReading && <Loader label="Reading the rows" />}
      {reading.problem && <ErrorMessage>{reading.problem}</ErrorMessage>}
      {sheet && way !== 'type' && sheet.encoding !== '' && <ReadAs draft={draft} reading={reading} />}
      {sheet && <RowProblems sheet={sheet} onChange={(next) => onChange({ sheet: next })} />}
      {sheet && <SheetGrid sheet={sheet} onChange={(next) => onChange({ sheet: next })} />}
      <div className="send-bar flex flex-wrap items-center gap-3">
        <Button look="primary" className="min-h-11 px-6" disabled={rows === 0 || rows > MOST_ROWS || problems > 0} onClick={onNext}>
          Choose a template
        </Button>
        <p role="status" className="text-sm text-muted">
          {problems > 0 ? 'Decide about the rows that are marked first.' : rowsSaid(rows)}
        </p>
      </div>
    </div>
  );
}

function rowsSaid(rows: number): string {
  if (rows === 0) return 'No rows yet.';
  if (rows > MOST_ROWS) return `${rows} rows: at most ${MOST_ROWS} at once.`;
  return rows === 1 ? '1 row' : `${rows} rows`;
}

export type Reading = ReturnType<typeof useReading>;

/** Has the server parse the pasted text or file. The last input can be parsed again with other options. */
function useReading(onChange: (changes: Partial<BulkDraft>) => void) {
  const [source, setSource] = useState<Blob | null>(null);
  const [isReading, setReading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const read = async (file: Blob, about: Partial<BulkDraft>, encoding = '', delimiter = '') => {
    setSource(file);
    setReading(true);
    setProblem(null);
    // Stored before it is parsed, so that a reload loses nothing.
    onChange(about);
    try {
      const table = await readTable(file, encoding, delimiter);
      onChange({ ...about, sheet: sheetOf(table), mapping: {} });
    } catch (error) {
      setProblem(said(error));
    } finally {
      setReading(false);
    }
  };
  return { source, isReading, problem, read: (...given: Parameters<typeof read>) => void read(...given) };
}

function said(error: unknown): string {
  const faults = error instanceof ApiError ? error.fieldErrors : [];
  if (faults.length === 0) return messageOf(error);
  return faults.map(({ field, message }) => `${placeOf(field)}${message}`).join(' ');
}

function placeOf(field: string): string {
  const number = /^rows\.(\d+)/.exec(field)?.[1];
  return number === undefined ? '' : `Row ${number}: `;
}

interface PasteProps {
  pasted: string;
  onPaste: (pasted: string) => void;
  onType: (pasted: string) => void;
}

function Paste({ pasted, onPaste, onType }: PasteProps): ReactElement {
  return (
    <Field id="pasted" label="Paste rows from a spreadsheet" hint="Copy the cells with their column names in the first row, and paste them here.">
      {(wiring) => (
        <div className="space-y-2.5">
          <textarea
            {...wiring}
            dir="auto"
            rows={5}
            value={pasted}
            onChange={(event) => {
              const isPasted = (event.nativeEvent as InputEvent).inputType === 'insertFromPaste';
              if (isPasted) onPaste(event.target.value);
              else onType(event.target.value);
            }}
            className="input max-h-60 min-h-28 resize-y font-mono text-sm whitespace-pre"
          />
          <Button onClick={() => onPaste(pasted)} disabled={pasted.trim() === ''}>
            Read the rows
          </Button>
        </div>
      )}
    </Field>
  );
}

function Upload({ onFile }: { onFile: (file: File) => void }) {
  return (
    <Field id="file" label="CSV file" hint="From Excel, LibreOffice, Numbers or Google Sheets: save or download it as CSV. At most 500 rows and 5 MB.">
      {(wiring) => (
        <input
          {...wiring}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) onFile(file);
          }}
          className="input file:mr-4 file:rounded-lg file:border-0 file:bg-accent-soft file:px-3 file:py-1.5 file:font-semibold file:text-accent-strong"
        />
      )}
    </Field>
  );
}
