import { useEffect, useState } from 'react';

import { ApiError, messageOf } from '../api/errors';
import type { AgainRequest } from '../api/generation';
import type { Content } from '../api/types';
import { forgetOwnDraft, ownDraft, saveDraft } from '../lib/drafts';
import {
  againRequestOf,
  changedValues,
  checkRequest,
  fieldOf,
  requestValuesOf,
  withKept,
  type RequestErrors,
  type RequestField,
} from '../lib/requestValues';

/** The form for changing a text's request. Input is stored on this device until it is sent or reset. */
export function useRequestForm(content: Content, userId: string) {
  const [place] = useState({ userId, text: `${content.id}/request` });
  const stored = requestValuesOf(content);
  const [changes, setChanges] = useState(() => ownDraft(place)?.values ?? {});
  const [errors, setErrors] = useState<RequestErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const values = withKept(stored, changes);
  const changed = changedValues(stored, values);
  const isChanged = Object.keys(changed).length > 0;
  const kept = JSON.stringify(changed);

  useEffect(() => {
    const values = JSON.parse(kept) as Record<string, string>;
    if (Object.keys(values).length === 0) forgetOwnDraft(place);
    else saveDraft(place, values);
  }, [kept, place]);

  const reset = () => {
    setChanges({});
    setErrors({});
    setProblem(null);
  };

  const set = (field: RequestField, value: string) => {
    setChanges((before) => ({ ...before, [field]: value }));
    setErrors((before) => ({ ...before, [field]: undefined }));
  };

  const send = async (how: (request: AgainRequest) => Promise<void>): Promise<boolean> => {
    const wrong = checkRequest(values);
    setAttempts((before) => before + 1);
    setErrors(wrong);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return false;
    setSending(true);
    try {
      await how(againRequestOf(values));
      reset();
      return true;
    } catch (error) {
      const [placed, rest] = placedErrors(error);
      setErrors(placed);
      setProblem(rest);
      return false;
    } finally {
      setSending(false);
    }
  };

  return { values, errors, problem, isSending, attempts, isChanged, set, send, reset };
}

function placedErrors(error: unknown): [RequestErrors, string | null] {
  const said = error instanceof ApiError ? error.fieldErrors : [];
  const placed = said.flatMap(({ field, message }) => {
    const name = fieldOf(field);
    return name === null ? [] : [[name, message] as const];
  });
  return [Object.fromEntries(placed), placed.length > 0 ? null : messageOf(error)];
}
