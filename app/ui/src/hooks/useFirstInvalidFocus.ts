import { useEffect, useRef, type RefObject } from 'react';

interface Submission {
  submitCount: number;
  isSubmitting: boolean;
}

/** After each submit, focuses the first field that is invalid, according to the form or the server. */
export function useFirstInvalidFocus({ submitCount, isSubmitting }: Submission): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (submitCount === 0 || isSubmitting) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submitCount, isSubmitting]);
  return form;
}
