import { ConfirmDialog } from './ConfirmDialog';

interface LogOutQuestionProps {
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before a logout that would discard unsaved changes. */
export default function LogOutQuestion({ onConfirm, onCancel }: LogOutQuestionProps) {
  return (
    <ConfirmDialog title="Log out with unsaved text?" confirm="Log out" cancel="Stay logged in" onConfirm={onConfirm} onCancel={onCancel}>
      <p>Something you wrote is not saved. It is kept on this device only, and logging out removes it.</p>
    </ConfirmDialog>
  );
}
