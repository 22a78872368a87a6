import { ConfirmDialog } from '../ConfirmDialog';

/** What an edit asks before it is given up, left, or saved without a text. */
export type Question = 'cancel' | 'leave' | 'clear';

const WORDS: Record<Question, { title: string; text: string; confirm: string; cancel: string }> = {
  cancel: {
    title: 'Discard your changes?',
    text: 'What you typed since you began to edit will be gone for good.',
    confirm: 'Discard',
    cancel: 'Keep editing',
  },
  leave: {
    title: 'Leave without saving?',
    text: 'Your changes are not saved. They are kept on this device, and offered when you open this text again.',
    confirm: 'Leave',
    cancel: 'Stay here',
  },
  clear: {
    title: 'Save without a text?',
    text: 'You removed the whole text. Once this is saved, there is no way to get it back.',
    confirm: 'Save without a text',
    cancel: 'Keep editing',
  },
};

interface EditQuestionProps {
  question: Question | null;
  onConfirm: (question: Question) => void;
  onCancel: () => void;
}

export function EditQuestion({ question, onConfirm, onCancel }: EditQuestionProps) {
  if (question === null) return null;
  const { title, text, confirm, cancel } = WORDS[question];
  return (
    <ConfirmDialog title={title} confirm={confirm} cancel={cancel} onConfirm={() => onConfirm(question)} onCancel={onCancel}>
      <p>{text}</p>
    </ConfirmDialog>
  );
}
