import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'react-router';

import { ApiError, messageOf } from '../api/errors';
import { createTemplate, getTemplate, templateKeys, updateTemplate, type Template } from '../api/templates';
import { newId } from '../lib/tabId';
import { templatePlace } from '../lib/templatePlaces';
import { checkTemplate, knownTemplateFields, templateFieldOf, templateFieldsOf, templateValuesOf, type TemplateErrors, type TemplateValues } from '../lib/templateValues';
import { useKeptChanges } from './useKeptChanges';
import { useTellIfGone } from './useTellIfGone';

/** Another edit of the same fields was saved first. */
export interface TemplateConflict {
  theirs: Template;
  fields: (keyof TemplateValues)[];
}

/**
 * The form of a template. Input is stored on this device under `draft` until it is saved or reset. `id` is null for a new one.
 * Only what was changed here is saved over what is stored by now; a field that was changed elsewhere, too, is a question.
 */
export function useTemplateForm(userId: string, id: string | null, draft: string, stored: TemplateValues) {
  const queries = useQueryClient();
  const edit = useKeptChanges(userId, draft, stored, knownTemplateFields);
  const { values, changed } = edit;
  const [errors, setErrors] = useState<TemplateErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState<TemplateConflict | null>(null);
  const [isSending, setSending] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const key = useRef(newId());
  const tellIfGone = useTellIfGone();
  const { pathname, search } = useLocation();
  const form = { subject: values.name, to: pathname + search, label: 'Open the form' };

  const set = <F extends keyof TemplateValues>(field: F, value: TemplateValues[F]) => {
    edit.set(field, value);
    setErrors((before) => ({ ...before, [field]: undefined }));
  };

  /** Shows a template as it is stored now, without waiting for the list. */
  const learn = (template: Template) =>
    queries.setQueryData<Template[]>(templateKeys.all, (before) =>
      before?.some(({ id: each }) => each === template.id) ? before.map((each) => (each.id === template.id ? template : each)) : before && [template, ...before],
    );

  const create = async (): Promise<Template> => {
    const template = await createTemplate(templateFieldsOf(values), key.current);
    edit.moveTo(templatePlace(template.id), values);
    return template;
  };

  /** Returns null if there is a conflict. */
  const update = async (known: string): Promise<Template | null> => {
    const theirs = await getTemplate(known);
    const now = templateValuesOf(theirs);
    const fields = edit.contested(now);
    if (fields.length > 0) {
      learn(theirs);
      if (!tellIfGone({ ...form, text: 'was changed in another tab, too. Your edit is kept on this device.' })) setConflict({ theirs, fields });
      return null;
    }
    const sent = { ...now, ...changed };
    const template = await updateTemplate(known, templateFieldsOf(sent));
    edit.settle(sent);
    return template;
  };

  const save = async (): Promise<Template | null> => {
    const wrong = checkTemplate(values);
    setAttempts((before) => before + 1);
    setErrors(wrong);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return null;
    setSending(true);
    try {
      const template = await (id === null ? create() : update(id));
      if (template) {
        learn(template);
        void queries.invalidateQueries({ queryKey: templateKeys.all });
      }
      return template;
    } catch (error) {
      if (error instanceof ApiError) key.current = newId();
      if (tellIfGone({ ...form, text: 'could not be saved', error })) return null;
      const placed = placedErrors(error);
      setErrors(placed);
      if (Object.keys(placed).length === 0) setProblem(messageOf(error));
      return null;
    } finally {
      setSending(false);
    }
  };

  const reset = () => {
    edit.reset();
    setErrors({});
    setProblem(null);
  };

  const resolve = {
    keepMine: async (): Promise<Template | null> => {
      if (conflict) edit.keepOver(templateValuesOf(conflict.theirs));
      setConflict(null);
      return save();
    },
    useTheirs: () => {
      if (conflict) edit.giveUp(conflict.fields);
      setConflict(null);
    },
    later: () => setConflict(null),
  };

  return { ...edit, errors, problem, conflict, isSending, attempts, set, save, reset, resolve };
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
