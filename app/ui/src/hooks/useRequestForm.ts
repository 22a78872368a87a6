import { useState } from 'react';

import { ApiError, messageOf } from '../api/errors';
import type { AgainRequest } from '../api/generation';
import type { Content } from '../api/types';
import {
  againRequestOf,
  checkRequest,
  fieldOf,
  knownRequestFields,
  requestValuesOf,
  type RequestErrors,
  type RequestField,
} from '../lib/requestValues';
import { useKeptChanges } from './useKeptChanges';
import { useTellIfGone } from './useTellIfGone';

/** The form for changing a text's request. Input is stored on this device until it is sent or reset. */
export function useRequestForm(content: Content, userId: string) {
  const edit = useKeptChanges(userId, `${content.id}/request`, requestValuesOf(content), knownRequestFields);
  const { values } = edit;
  const tellIfGone = useTellIfGone();
  const [errors, setErrors] = useState<RequestErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [attempts, setAttempts] = useState(0);

  const reset = () => {
    edit.reset();
    setErrors({});
    setProblem(null);
  };

  const set = (field: RequestField, value: string) => {
    edit.set(field, value);
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
      // An instruction is for one time, and not stored.
      edit.settle(values, { ...values, instruction: '' });
      return true;
    } catch (error) {
      if (tellIfGone({ subject: content.title, text: 'could not be sent', error, to: `/contents/${content.id}`, label: 'Open it' })) return false;
      const [placed, rest] = placedErrors(error);
      setErrors(placed);
      setProblem(rest);
      return false;
    } finally {
      setSending(false);
    }
  };

  return { ...edit, errors, problem, isSending, attempts, set, send, reset };
}

function placedErrors(error: unknown): [RequestErrors, string | null] {
  const said = error instanceof ApiError ? error.fieldErrors : [];
  const placed = said.flatMap(({ field, message }) => {
    const name = fieldOf(field);
    return name === null ? [] : [[name, message] as const];
  });
  return [Object.fromEntries(placed), placed.length > 0 ? null : messageOf(error)];
}
