import { TEXT_STATUS_WORDS, type TextStatus } from '../lib/textStatus';
import { AlertIcon, CheckIcon } from './icons';

const LOOKS: Record<TextStatus, string> = {
  draft: 'border border-edge/60 text-muted',
  writing: 'bg-writing-soft text-writing',
  attention: 'bg-danger-soft text-danger',
  final: 'bg-accent-soft text-accent-strong',
};

/** The status of a text in one word. */
export function StatusChip({ status }: { status: TextStatus }) {
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap ${LOOKS[status]}`}>
      {status === 'writing' && <span className="pulse-dot" />}
      {status === 'attention' && <AlertIcon className="size-4" />}
      {status === 'final' && <CheckIcon className="size-4" />}
      <span className="sr-only">Status: </span>
      <span>{TEXT_STATUS_WORDS[status]}</span>
    </span>
  );
}
