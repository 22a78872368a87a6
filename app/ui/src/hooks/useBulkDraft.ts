import { useRef, useState } from 'react';

import { forgetOwnDraft, forgetSent, ownDraft, saveDraft, type Draft, type DraftValues } from '../lib/drafts';
import { filledRows, sheetFrom, type Mapping, type Sheet } from '../lib/sheet';
import { newId } from '../lib/tabId';
import { useOfferedDrafts } from './useOfferedDrafts';

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
  const drafts = useOfferedDrafts(place, hasRows);

  const latest = useRef(draft);

  /** Parsing a file may take a while; changes made meanwhile are not overwritten. */
  const change = (changes: Partial<BulkDraft>) => {
    latest.current = { ...latest.current, key: newId(), ...changes };
    setDraft(latest.current);
    setKept(store(place, latest.current));
  };
  const empty = () => {
    latest.current = { ...EMPTY, key: newId() };
    setDraft(latest.current);
    setKept(true);
  };
  const forget = () => {
    forgetOwnDraft(place);
    empty();
  };
  /** Call when the batch with this key was accepted. What was changed in the meantime stays. */
  const forgetBatch = (key: string) => {
    forgetSent(place, (values) => values.key === key);
    if (latest.current.key === key) empty();
  };
  const takeUp = (other: Draft) => drafts.takeUp(other, (values) => change(kept(values)));
  return { draft, isKept, change, forget, forgetBatch, offered: drafts.offered, discard: drafts.discard, takeUp };
}

/** Whether a stored draft has rows, or the text of some. */
function hasRows({ pasted = '', sheet: stored }: DraftValues): boolean {
  const sheet = sheetFrom(stored);
  return pasted.trim() !== '' || (sheet !== null && filledRows(sheet).length > 0);
}

/** The first words of a stored draft, by which it is recognized. */
export function firstRowOf({ name = '', pasted = '', sheet: stored }: DraftValues): string {
  const sheet = sheetFrom(stored);
  const first = sheet?.rows[filledRows(sheet)[0] ?? 0]?.filter((cell) => cell.trim() !== '').join(' · ');
  return [name, first, pasted].find((words) => words?.trim()) ?? '';
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
