import type { ReactElement } from 'react';

import { WAYS, type BulkDraft, type Way } from '../../hooks/useBulkDraft';
import type { Reading } from '../../hooks/useReadRows';
import { handOver } from '../../lib/download';
import { EMPTY_SHEET, filledRows, type Sheet } from '../../lib/sheet';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { Loader } from '../Loader';
import { ReadAs } from './ReadAs';
import { RowProblems } from './RowProblems';
import { SheetGrid } from './SheetGrid';

interface RowsStepProps {
  draft: BulkDraft;
  reading: Reading;
  /** Why the rows cannot be used yet; null if they can. */
  obstacle: string | null;
  onChange: (changes: Partial<BulkDraft>) => void;
  onNext: () => void;
}

const WAY_NAMES: Record<Way, string> = { paste: 'Paste', file: 'Upload a file', type: 'Type a table' };
const SAMPLE = '\ufeffproduct_name,features\r\nLinen apron,"washed linen, crossed straps, two deep pockets"\r\nStoneware mug,"350 ml, dishwasher safe, made by hand"\r\n';

/** Step 1: paste, upload or type the rows. */
export function RowsStep({ draft, reading, obstacle, onChange, onNext }: RowsStepProps) {
  const { way } = draft;
  const sheet = reading.isReading ? null : draft.sheet;
  const choose = (next: Way) => onChange({ way: next, ...(next === 'type' && !draft.sheet ? { sheet: EMPTY_SHEET } : {}) });

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
      {way === 'paste' && <Paste pasted={draft.pasted} onPaste={(pasted) => reading.read(new Blob([pasted]), { pasted, fileName: '' })} onType={(pasted) => onChange({ pasted, isUnread: true })} />}
      {way === 'file' && <Upload onFile={(file) => reading.read(file, { fileName: file.name, pasted: '' })} />}
      {reading.isReading && <Loader label="Reading the rows" />}
      {reading.problem && <ErrorMessage>{reading.problem}</ErrorMessage>}
      {sheet && way !== 'type' && sheet.encoding !== '' && <ReadAs draft={draft} reading={reading} />}
      {sheet && <RowProblems sheet={sheet} onChange={(next) => onChange({ sheet: next })} />}
      {sheet && <SheetGrid sheet={sheet} onChange={(next) => onChange({ sheet: next })} />}
      <div className="send-bar flex flex-wrap items-center gap-3">
        <Button look="primary" className="min-h-11 px-6" disabled={obstacle !== null} onClick={onNext}>
          Choose a template
        </Button>
        <p role="status" className="text-sm text-muted">
          {obstacle ?? rowsSaid(sheet)}
        </p>
      </div>
    </div>
  );
}

function rowsSaid(sheet: Sheet | null): string {
  const rows = sheet ? filledRows(sheet).length : 0;
  return rows === 1 ? '1 row' : `${rows} rows`;
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
          // Without a value, choosing the same file again is a change too.
          onClick={(event) => void (event.currentTarget.value = '')}
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
