import { useRef, useState } from 'react';

import { forgetOwnDraft, forgetSent, ownDraft, saveDraft, type Draft, type DraftValues } from '../lib/drafts';
import { useOfferedDrafts } from './useOfferedDrafts';

type Fields<V> = { [F in keyof V]: string };

interface Edit<V> {
  changes: Partial<V>;
  /** What was stored in the changed fields when they were first typed in. */
  bases: Partial<V>;
}

/**
 * What was typed in a form over its stored values. Only the changes count: the other fields follow what is stored. They are kept on
 * this device until they are sent or taken back, and those of other tabs are offered. `text` names the place of the draft, and
 * `knownIn` picks the fields of this form out of a stored draft.
 */
export function useKeptChanges<V extends Fields<V>>(userId: string, text: string, stored: V, knownIn: (kept: DraftValues) => Partial<V>) {
  const [place] = useState({ userId, text });
  const [begun] = useState(() => ownDraft(place));
  const [edit, setEdit] = useState<Edit<V>>(() => editOf(begun, stored, knownIn));
  const [isKept, setKept] = useState(true);
  const latest = useRef(edit);
  const draftSavedAt = useRef(begun?.savedAt);
  const changed = differences(edit.changes, stored);
  const { offered, lookAgain, putAside, takeUp, discard } = useOfferedDrafts(place, isKept);

  const show = (next: Edit<V>) => {
    latest.current = next;
    setEdit(next);
  };
  /** Returns whether this is stored. */
  const become = (next: Edit<V>, over = stored): boolean => {
    show(next);
    const values = differences(next.changes, over) as DraftValues;
    const isEmpty = Object.keys(values).length === 0;
    if (isEmpty) forgetOwnDraft(place);
    const isStored = isEmpty || saveDraft(place, values, JSON.stringify(next.bases));
    setKept(isStored);
    draftSavedAt.current = ownDraft(place)?.savedAt;
    return isStored;
  };
  const set = <F extends keyof V>(field: F, value: V[F]) => {
    const { changes, bases } = latest.current;
    const base = field in changes ? bases[field] : stored[field];
    become({ changes: differences({ ...changes, [field]: value }, stored), bases: { ...bases, [field]: base } });
  };
  const forget = (said: V) => forgetSent(place, (kept) => Object.keys(differences(kept as Partial<V>, said)).length === 0);
  /** What says something else than was sent. A field that was changed back while it was sent counts, too. */
  const typedSince = (sent: V) => differences({ ...pick(stored, changed), ...latest.current.changes }, sent);
  /**
   * Call when these values were sent, on what the save began with; `now` is what is stored of them. What was typed in the meantime
   * stays. If the form was left and another one has changed the draft since, that one keeps it.
   */
  const settle = (sent: V, now = sent) => {
    const rest = typedSince(sent);
    const next = { changes: rest, bases: pick(now, rest) };
    if (ownDraft(place)?.savedAt === draftSavedAt.current) {
      become(next, now);
    } else {
      forget(sent);
      show(next);
    }
  };
  /** Call when these values were stored as something that has another place. What was typed in the meantime moves there. */
  const moveTo = (next: string, sent: V) => {
    const rest = typedSince(sent);
    if (Object.keys(rest).length > 0) saveDraft({ userId, text: next }, rest as DraftValues, JSON.stringify(pick(sent, rest)));
    forget({ ...stored, ...latest.current.changes });
  };
  /** The changed fields that were changed elsewhere, too, and differently. */
  const contested = (now: V): (keyof V)[] => {
    const { changes, bases } = latest.current;
    return keysOf(differences(changes, now)).filter((field) => now[field] !== (bases[field] ?? now[field]));
  };
  /** Keeps the changes over what is stored now. */
  const keepOver = (now: V) => become({ ...latest.current, bases: pick(now, latest.current.changes) });
  /** Takes these fields back; what was typed is put aside and offered. Without room for that, they stay. */
  const giveUp = (fields: (keyof V)[]) => {
    if (!putAside()) return;
    const changes = Object.fromEntries(Object.entries(latest.current.changes).filter(([field]) => !fields.includes(field as keyof V)));
    become({ ...latest.current, changes: changes as Partial<V> });
    lookAgain();
  };

  return {
    values: { ...stored, ...edit.changes },
    changed,
    isChanged: Object.keys(changed).length > 0,
    isKept,
    offered,
    set,
    reset: () => void become({ changes: {}, bases: {} }),
    /** Call when these values were sent and the form is left. It stays as it is, and so does a draft that says something else. */
    forget,
    settle,
    moveTo,
    contested,
    keepOver,
    giveUp,
    takeUp: (draft: Draft) => takeUp(draft, () => become(editOf(draft, stored, knownIn))),
    discard,
  };
}

function editOf<V extends Fields<V>>(draft: Draft | null, stored: V, knownIn: (kept: DraftValues) => Partial<V>): Edit<V> {
  if (draft === null) return { changes: {}, bases: {} };
  const changes = knownIn(draft.values);
  return { changes, bases: { ...pick(stored, changes), ...basesIn(draft, knownIn) } };
}

function basesIn<V>({ base }: Draft, knownIn: (kept: DraftValues) => Partial<V>): Partial<V> {
  try {
    return knownIn(JSON.parse(base ?? '{}') as DraftValues);
  } catch {
    return {};
  }
}

/** The changes that say something else than these values. */
function differences<V extends Fields<V>>(changes: Partial<V>, values: V): Partial<V> {
  return Object.fromEntries(Object.entries(changes).filter(([field, value]) => value !== values[field as keyof V])) as Partial<V>;
}

function pick<V extends Fields<V>>(values: V, fields: Partial<V>): Partial<V> {
  return Object.fromEntries(keysOf(fields).map((field) => [field, values[field]])) as Partial<V>;
}

function keysOf<V>(values: Partial<V>): (keyof V)[] {
  return Object.keys(values) as (keyof V)[];
}
