import * as Dialog from '@radix-ui/react-alert-dialog';
import { useState, type ReactNode } from 'react';

import { Button } from './Button';
import { ErrorMessage } from './ErrorMessage';

interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  confirm: string;
  cancel?: string;
  busy?: boolean;
  error?: string | null;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot be taken back; open for as long as it is there. The focus begins on the way out. */
export default function ConfirmDialog({ title, children, confirm, cancel = 'Cancel', busy, error, onConfirm, onCancel }: ConfirmDialogProps) {
  // There is no trigger that the library could know: we remember ourselves where the focus came from.
  const [opener] = useState(() => document.activeElement);

  const giveFocusBack = (event: Event) => {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  };

  return (
    <Dialog.Root open onOpenChange={(next) => !next && onCancel()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay fixed inset-0 z-50 bg-black/50" />
        <Dialog.Content
          onCloseAutoFocus={giveFocusBack}
          className="notice fixed inset-x-4 top-1/2 z-50 mx-auto max-h-[85dvh] max-w-md -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-raised p-6 shadow-2xl"
        >
          <Dialog.Title className="font-serif text-xl font-semibold">{title}</Dialog.Title>
          <Dialog.Description className="mt-2 break-words text-muted">{children}</Dialog.Description>
          {error && (
            <div className="mt-4">
              <ErrorMessage>{error}</ErrorMessage>
            </div>
          )}
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Dialog.Cancel asChild>
              <Button>{cancel}</Button>
            </Dialog.Cancel>
            <Button look="danger" busy={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
