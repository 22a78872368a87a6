import { useRef, useState } from 'react';

import { forgetOwnDraft, ownDraft, saveDraft } from '../lib/drafts';
import { sheetFrom, type Mapping, type Sheet } from '../lib/sheet';
import { newId } from '../lib/tabId';

export const WAYS = ['paste', 'file', 'type'] as const;
export type Way = (typeof WAYS)[number];

export interface BulkDraft {
  /** How the rows are entered. */
  way: Way;
  pasted: string;
  /** The pasted text that the rows were read from; empty for a file. */
  read: string;
  fileName: string;
  sheet: Sheet | null;
  templateId: string;
  mapping: Mapping;
  name: string;
  /** The Idempotency-Key of the batch; replaced whenever the draft is changed. */
  key: string;
}

const EMPTY: Omit<BulkDraft, 'key'> = { way: 'paste', pasted: '', read: '', fileName: '', sheet: null, templateId: '', mapping: {}, name: '' };

/** The batch being prepared. Stored on this device until it is sent, so it survives a reload. */
export function useBulkDraft(userId: string) {
  const [place] = useState({ userId, text: 'bulk' });
  const [draft, setDraft] = useState<BulkDraft>(() => kept(ownDraft(place)?.values));
  const [isKept, setKept] = useState(true);

  const latest = useRef(draft);

  /** Parsing a file may take a while; changes made meanwhile are not overwritten. */
  const change = (changes: Partial<BulkDraft>) => {
    latest.current = { ...latest.current, key: newId(), ...changes };
    setDraft(latest.current);
    setKept(store(place, latest.current));
  };
  const forget = () => {
    forgetOwnDraft(place);
    latest.current = { ...EMPTY, key: newId() };
    setDraft(latest.current);
    setKept(true);
  };
  return { draft, isKept, change, forget };
}

/** Whether the pasted text has been changed since its rows were read. */
export function isUnread({ way, pasted, read }: BulkDraft): boolean {
  return way === 'paste' && pasted.trim() !== '' && pasted !== read;
}

function store(place: { userId: string; text: string }, draft: BulkDraft): boolean {
  const { sheet, mapping, ...texts } = draft;
  return saveDraft(place, { ...texts, sheet: JSON.stringify(sheet), mapping: JSON.stringify(mapping) });
}

function kept(values: Record<string, string> | undefined): BulkDraft {
  const { pasted = '', fileName = '', templateId = '', name = '', key = newId() } = values ?? {};
  return {
    way: WAYS.find((way) => way === values?.way) ?? 'paste',
    pasted,
    read: values?.read ?? pasted,
    fileName,
    templateId,
    name,
    key,
    sheet: sheetFrom(values?.sheet),
    mapping: mappingFrom(values?.mapping),
  };
}

function mappingFrom(stored: string | undefined): Mapping {
  try {
    return (JSON.parse(stored ?? '{}') as Mapping | null) ?? {};
  } catch {
    return {};
  }
}
