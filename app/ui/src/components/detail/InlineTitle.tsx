import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { checkTitle } from '../../lib/writing';
import { FieldError } from '../Field';
import { PageHeading } from '../PageHeading';

interface InlineTitleProps {
  title: string;
  canEdit: boolean;
  /** Called on each change, and with the original title when the edit is cancelled. */
  onType: (title: string) => void;
  /** Called when the edit is finished. */
  onDone: () => void;
}

/** The title of a text, which is edited in place. Enter or leaving the field saves it; Escape cancels. */
export function InlineTitle({ title, canEdit, onType, onDone }: InlineTitleProps) {
  const [begun, setBegun] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [takesFocus, setTakesFocus] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (begun === null && takesFocus) button.current?.focus();
  }, [begun, takesFocus]);

  const begin = () => {
    setBegun(title);
    setTyped(title);
  };
  const type = (next: string) => {
    setTyped(next);
    onType(next);
  };
  const end = (save: boolean, backToButton: boolean) => {
    if (save && checkTitle(typed.trim()) !== null) return;
    onType(save ? typed.trim() : (begun ?? title));
    onDone();
    setTakesFocus(backToButton);
    setBegun(null);
  };

  if (begun !== null) return <TitleField typed={typed} title={begun} onType={type} onEnd={end} />;
  return (
    <PageHeading documentTitle={title} className="mt-2">
      {canEdit ? (
        <button
          ref={button}
          type="button"
          title="Change the title"
          className="-mx-2 cursor-text! rounded-lg px-2 text-start [text-wrap:inherit] hover:bg-sunken"
          onClick={begin}
        >
          {title}
        </button>
      ) : (
        <span>{title}</span>
      )}
    </PageHeading>
  );
}

interface TitleFieldProps {
  typed: string;
  title: string;
  onType: (typed: string) => void;
  onEnd: (save: boolean, takesFocus: boolean) => void;
}

function TitleField({ typed, title, onType, onEnd }: TitleFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const problem = checkTitle(typed.trim());
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') onEnd(true, true);
    else if (event.key === 'Escape') onEnd(false, true);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <h1 className="sr-only">{title}</h1>
      <input
        ref={field}
        type="text"
        dir="auto"
        aria-label="Title"
        aria-invalid={problem !== null}
        aria-describedby="title-error"
        autoComplete="off"
        value={typed}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => onEnd(true, false)}
        className="input mt-2 font-serif text-2xl font-semibold sm:text-3xl"
      />
      <FieldError id="title-error" message={problem ?? undefined} />
    </>
  );
}
