import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { ApiError, messageOf } from '../api/errors';
import { createTemplate, templateKeys, updateTemplate, type Template } from '../api/templates';
import { forgetOwnDraft, ownDraft, saveDraft } from '../lib/drafts';
import { newId } from '../lib/tabId';
import { checkTemplate, templateFieldOf, templateFieldsOf, withKeptTemplate, type TemplateErrors, type TemplateValues } from '../lib/templateValues';

/** The form of a template. Input is stored on this device until it is saved or reset. `id` is null for a new one. */
export function useTemplateForm(userId: string, id: string | null, stored: TemplateValues) {
  const queries = useQueryClient();
  const [place] = useState({ userId, text: `template/${id ?? 'new'}` });
  const [values, setValues] = useState(() => withKeptTemplate(stored, ownDraft(place)?.values));
  const [errors, setErrors] = useState<TemplateErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const key = useRef(newId());
  const current = JSON.stringify(values);
  const isChanged = current !== JSON.stringify(stored);

  useEffect(() => {
    if (isChanged) saveDraft(place, JSON.parse(current) as Record<string, string>);
    else forgetOwnDraft(place);
  }, [place, current, isChanged]);

  const set = <F extends keyof TemplateValues>(field: F, value: TemplateValues[F]) => {
    setValues((before) => ({ ...before, [field]: value }));
    setErrors((before) => ({ ...before, [field]: undefined }));
  };

  const save = async (): Promise<Template | null> => {
    const wrong = checkTemplate(values);
    setAttempts((before) => before + 1);
    setErrors(wrong);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return null;
    setSending(true);
    try {
      const fields = templateFieldsOf(values);
      const template = await (id === null ? createTemplate(fields, key.current) : updateTemplate(id, fields));
      forgetOwnDraft(place);
      await queries.invalidateQueries({ queryKey: templateKeys.all });
      return template;
    } catch (error) {
      const placed = placedErrors(error);
      setErrors(placed);
      if (Object.keys(placed).length === 0) setProblem(messageOf(error));
      key.current = error instanceof ApiError ? newId() : key.current;
      return null;
    } finally {
      setSending(false);
    }
  };

  const reset = () => {
    setValues(stored);
    setErrors({});
    setProblem(null);
  };

  return { values, errors, problem, isSending, attempts, isChanged, set, save, reset };
}

function placedErrors(error: unknown): TemplateErrors {
  const said = error instanceof ApiError ? error.fieldErrors : [];
  return Object.fromEntries(
    said.flatMap(({ field, message }) => {
      const name = templateFieldOf(field);
      return name === null ? [] : [[name, message] as const];
    }),
  );
}
