import { useEffect, useId, useRef, useState, type ReactElement } from 'react';

import { Button } from './Button';
import { ErrorMessage } from './ErrorMessage';

interface ConfirmDialogProps {
  title: string;
  children: ReactElement;
  confirm: string;
  cancel?: string;
  busy?: boolean;
  error?: string | null;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks for confirmation of an irreversible action. Open while mounted; focus starts on the cancel button. */
export function ConfirmDialog({ title, children, confirm, cancel = 'Cancel', busy, error, onConfirm, onCancel }: ConfirmDialogProps) {
  const dialog = useModal();
  const id = useId();
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      // Browsers close the dialog when Escape is pressed twice.
      onClose={(event) => !event.currentTarget.open && onCancel()}
      className="dialog"
    >
      <h2 id={`${id}-title`} className="font-serif text-xl font-semibold">
        {title}
      </h2>
      <div id={`${id}-text`} className="mt-2 break-words text-muted">
        {children}
      </div>
      {error && (
        <div className="mt-4">
          <ErrorMessage>{error}</ErrorMessage>
        </div>
      )}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button onClick={onCancel}>{cancel}</Button>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </dialog>
  );
}

/** The browser traps the focus. We restore it ourselves, because the dialog is unmounted instead of closed. */
export function useModal(): React.RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [opener]);
  return dialog;
}
