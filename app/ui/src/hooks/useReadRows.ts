import { useEffect, useRef, useState } from 'react';

import { readTable } from '../api/batches';
import { ApiError, messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';
import { filledRows, sheetOf } from '../lib/sheet';
import type { BulkDraft } from './useBulkDraft';

/** How the server is told to parse the rows; it detects what is empty. */
interface Options {
  encoding: string;
  delimiter: string;
}

/**
 * Has the server parse the pasted text or file. The rows replace those in the draft, with Undo; only the newest input counts.
 * An input that cannot be parsed leaves no rows, so that those of an earlier one are not sent in its place.
 */
export function useReadRows(draft: BulkDraft, change: (changes: Partial<BulkDraft>) => void) {
  const notices = useNotices();
  const [source, setSource] = useState<Blob | null>(null);
  const [isReading, setReading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);

  const replace = (changes: Partial<BulkDraft>) => {
    const { way, pasted, fileName, sheet, mapping } = draft;
    change({ ...changes, mapping: {} });
    if (!sheet || filledRows(sheet).length === 0) return;
    const undo = () => {
      stop();
      change({ way, pasted, fileName, read: pasted, sheet, mapping });
    };
    notices.show({ text: 'The earlier rows were removed.', action: { label: 'Undo', run: undo } });
  };
  const stop = () => {
    current.current?.abort();
    setSource(null);
    setReading(false);
    setProblem(null);
  };

  const read = async (file: Blob, about: Partial<BulkDraft>, options?: Options) => {
    stop();
    const asking = new AbortController();
    current.current = asking;
    setSource(file);
    setReading(true);
    // Stored before it is parsed, so that a reload loses nothing.
    change(about);
    try {
      const table = await readTable(file, options?.encoding, options?.delimiter, asking.signal);
      if (!asking.signal.aborted) replace({ read: about.pasted ?? '', sheet: sheetOf(table) });
    } catch (error) {
      if (asking.signal.aborted) return;
      setProblem(said(error));
      // Read in another way, the same input keeps its rows.
      if (!options) replace({ sheet: null });
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
