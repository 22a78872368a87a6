import { useEffect, useRef, useState } from 'react';

import { readTable } from '../api/batches';
import { ApiError, messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';
import { filledRows, sheetOf } from '../lib/sheet';
import type { BulkDraft, useBulkDraft } from './useBulkDraft';

/** How the server is told to parse the rows; it detects what is empty. */
interface Options {
  encoding: string;
  delimiter: string;
}

/**
 * Has the server parse the pasted text or file. It takes the place of the rows in the draft, with Undo; only the newest input counts.
 * They go before it is parsed, so that they are not sent in its place if it cannot be, or if the page is left.
 */
export function useReadRows({ draft, change, putBack }: Pick<ReturnType<typeof useBulkDraft>, 'draft' | 'change' | 'putBack'>) {
  const notices = useNotices();
  const [source, setSource] = useState<Blob | null>(null);
  const [isReading, setReading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const current = useRef<AbortController>(null);
  /** The key of the draft as it was left here. */
  const left = useRef('');
  useEffect(() => () => current.current?.abort(), []);

  const put = (changes: Partial<BulkDraft>) => void (left.current = change(changes));
  const replace = (changes: Partial<BulkDraft>) => {
    const { way, pasted, isUnread, fileName, sheet, mapping } = draft;
    put({ ...changes, mapping: {} });
    const losesRows = sheet !== null && filledRows(sheet).length > 0;
    const losesText = pasted.trim() !== '' && !(changes.pasted ?? pasted).includes(pasted);
    if (!losesRows && !losesText) return;
    const undo = () => {
      stop();
      putBack({ way, pasted, isUnread, fileName, sheet, mapping }, left.current);
    };
    notices.show({ text: 'The earlier rows were removed.', action: { label: 'Undo', run: undo } });
  };
  const stop = () => {
    current.current?.abort();
    setSource(null);
    setReading(false);
    setProblem(null);
  };

  const read = async (file: Blob, about: Pick<BulkDraft, 'pasted' | 'fileName'>, options?: Options) => {
    stop();
    const asking = new AbortController();
    current.current = asking;
    setSource(file);
    setReading(true);
    // Stored before it is parsed, so that a reload loses nothing. Read in another way, the same input keeps its rows until then.
    if (!options) replace({ ...about, isUnread: true, sheet: null });
    try {
      const table = await readTable(file, options?.encoding, options?.delimiter, asking.signal);
      if (asking.signal.aborted) return;
      const rows = { isUnread: false, sheet: sheetOf(table) };
      if (options) replace(rows);
      else put(rows);
    } catch (error) {
      if (!asking.signal.aborted) setProblem(said(error));
    } finally {
      if (current.current === asking) setReading(false);
    }
  };
  return { source, isReading, problem, stop, read: (...given: Parameters<typeof read>) => void read(...given) };
}

export type Reading = ReturnType<typeof useReadRows>;

function said(error: unknown): string {
  const faults = error instanceof ApiError ? error.fieldErrors : [];
  if (faults.length === 0) return messageOf(error);
  return faults.map(({ field, message }) => `${placeOf(field)}${message}`).join(' ');
}

function placeOf(field: string): string {
  const number = /^rows\.(\d+)/.exec(field)?.[1];
  return number === undefined ? '' : `Row ${number}: `;
}
