import { useRef, useState } from 'react';

import { useNotices } from '../contexts/notices';
import { forgetOwnDraft, forgetSent, keepBeside, ownDraft, saveDraft, type Draft, type DraftValues } from '../lib/drafts';
import { filledRows, sheetFrom, type Mapping, type Sheet } from '../lib/sheet';
import { newId } from '../lib/tabId';
import { useIsThere } from './useIsThere';
import { NO_ROOM, useOfferedDrafts } from './useOfferedDrafts';

export const WAYS = ['paste', 'file', 'type'] as const;
export type Way = (typeof WAYS)[number];

export interface BulkDraft {
  /** How the rows are entered. */
  way: Way;
  pasted: string;
  /** Whether the pasted text has been changed since its rows were read. */
  isUnread: boolean;
  fileName: string;
  sheet: Sheet | null;
  templateId: string;
  mapping: Mapping;
  name: string;
  /** The Idempotency-Key of the batch; replaced whenever the draft is changed. */
  key: string;
}

const EMPTY: Omit<BulkDraft, 'key'> = { way: 'paste', pasted: '', isUnread: false, fileName: '', sheet: null, templateId: '', mapping: {}, name: '' };

/** What can be put back after other rows took its place. */
export type EarlierRows = Pick<BulkDraft, 'way' | 'pasted' | 'isUnread' | 'fileName' | 'sheet' | 'mapping'>;

/** The batch being prepared. Stored on this device until it is sent, so it survives a reload. */
export function useBulkDraft(userId: string) {
  const notices = useNotices();
  const isThere = useIsThere();
  const [place] = useState({ userId, text: 'bulk' });
  const [draft, setDraft] = useState<BulkDraft>(() => kept(ownDraft(place)?.values));
  const [isKept, setKept] = useState(true);
  const drafts = useOfferedDrafts(place, isKept, hasRows);

  const latest = useRef(draft);

  const become = (next: BulkDraft): boolean => {
    latest.current = next;
    setDraft(next);
    const isStored = saveDraft(place, storedValues(next));
    setKept(isStored);
    return isStored;
  };
  /** Parsing a file may take a while; changes made meanwhile are not overwritten. Returns the new key. */
  const change = (changes: Partial<BulkDraft>): string => {
    const next = { ...latest.current, key: newId(), ...changes };
    become(next);
    return next.key;
  };
  const empty = () => {
    latest.current = { ...EMPTY, key: newId() };
    setDraft(latest.current);
    setKept(true);
  };
  /** Returns the key of the empty draft. */
  const forget = (): string => {
    forgetOwnDraft(place);
    empty();
    return latest.current.key;
  };
  /** Call when the batch with this key was accepted. What was changed in the meantime stays. */
  const forgetBatch = (key: string) => {
    forgetSent(place, (values) => values.key === key);
    if (latest.current.key === key) empty();
  };
  const takeUp = (other: Draft) => drafts.takeUp(other, (values) => become(kept(values)));
  /**
   * Puts earlier rows back over those of the draft with the key `undone`. If there are others by now, they are put aside; if the
   * page was left, the earlier ones are offered there.
   */
  const putBack = (earlier: EarlierRows, undone: string) => {
    if (!isThere()) {
      const beside = keepBeside(place, storedValues({ ...EMPTY, ...earlier, key: newId() }));
      notices.show(beside ? { text: 'The earlier rows are kept on this device.', link: { to: '/bulk', label: 'Open them' } } : { text: NO_ROOM });
    } else if (latest.current.key === undone || drafts.putAside()) {
      change(earlier);
      drafts.lookAgain();
    }
  };
  return { draft, isKept, change, forget, forgetBatch, offered: drafts.offered, discard: drafts.discard, takeUp, putBack };
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

/** Whether the rows are not those of the pasted text that is shown. */
export function isTextUnread({ way, pasted, isUnread }: BulkDraft): boolean {
  return way === 'paste' && pasted.trim() !== '' && isUnread;
}

function storedValues({ sheet, mapping, isUnread, ...texts }: BulkDraft): DraftValues {
  return { ...texts, isUnread: String(isUnread), sheet: JSON.stringify(sheet), mapping: JSON.stringify(mapping) };
}

function kept(values: Record<string, string> | undefined): BulkDraft {
  const { pasted = '', fileName = '', templateId = '', name = '', key = newId() } = values ?? {};
  return {
    way: WAYS.find((way) => way === values?.way) ?? 'paste',
    pasted,
    isUnread: values?.isUnread === 'true',
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
