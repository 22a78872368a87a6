import { useEffect, type ReactNode } from 'react';

import { useModal } from '../ConfirmDialog';

interface ModalProps {
  label: string;
  className?: string;
  children: ReactNode;
  onClose: () => void;
}

/** A modal dialog. The browser traps the focus; Escape and a click outside close it, and the focus is restored. */
export function Modal({ label, className = '', children, onClose }: ModalProps) {
  const dialog = useModal();
  useEffect(() => {
    const element = dialog.current;
    const closeBeside = (event: Event) => {
      if (event.target === element) onClose();
    };
    element?.addEventListener('click', closeBeside);
    return () => element?.removeEventListener('click', closeBeside);
  }, [dialog, onClose]);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`dialog ${className}`}
    >
      {children}
    </dialog>
  );
}
