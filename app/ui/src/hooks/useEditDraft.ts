import { useCallback, useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import { CONTENT_TYPES, type Content } from '../api/types';
import { baseOf } from '../lib/textBase';
import { draftsOf, forgetDraft, forgetOwnDraft, saveDraft, setOwnDraftAside, type Draft } from '../lib/drafts';
import type { EditValues } from '../lib/validation';

/** The fields of a content that are edited. */
export function editValuesOf({ title, contentType, generatedText, prompt }: Content): EditValues {
  return { title, contentType, generatedText, prompt };
}

/** What the form shows when an edit is taken up: what was typed, over what is saved. */
export function withDraft(saved: EditValues, { values }: Draft): EditValues {
  return {
    title: values.title ?? saved.title,
    contentType: CONTENT_TYPES.find((type) => type === values.contentType) ?? saved.contentType,
    generatedText: values.generatedText ?? saved.generatedText,
    prompt: values.prompt ?? saved.prompt,
  };
}

/** The edits of a text that are kept on this device and were never saved. */
export function useKeptEdits(userId: string, text: string) {
  const look = useCallback(() => draftsOf({ userId, text }), [userId, text]);
  const [kept, setKept] = useState(look);
  const lookAgain = useCallback(() => setKept(look()), [look]);
  return { kept, lookAgain };
}

interface EditDraft {
  /** Whether the browser keeps what is typed. */
  isKept: boolean;
  forget: () => void;
}

/** Keeps on this device, while somebody types, the fields that they changed. `from` is the edit that they took up. */
export function useEditDraft(form: UseFormReturn<EditValues>, content: Content, userId: string, from: Draft | null): EditDraft {
  const [place] = useState({ userId, text: content.id });
  const [saved] = useState(() => ({ values: editValuesOf(content), at: from?.base ?? baseOf(content) }));
  const [isKept, setKept] = useState(true);

  useEffect(() => {
    // An edit that was left in this tab, and that nobody took up, is not written over.
    if (from === null) setOwnDraftAside(place);
  }, [from, place]);

  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          const changed = Object.entries(values).filter(([field, value]) => value !== saved.values[field as keyof EditValues]);
          if (changed.length === 0) forgetOwnDraft(place);
          else setKept(saveDraft(place, Object.fromEntries(changed), saved.at));
        },
      }),
    [form, place, saved],
  );

  const forget = useCallback(() => {
    forgetOwnDraft(place);
    if (from) forgetDraft(from);
  }, [from, place]);

  return { isKept, forget };
}
