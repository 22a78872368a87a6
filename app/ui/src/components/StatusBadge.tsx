import type { GenerationStatus } from '../api/types';
import type { WritingState } from '../lib/writingState';
import { AlertIcon, CheckIcon } from './icons';

const SHAPE = 'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap';

export const GENERATION_LABELS: Record<GenerationStatus | 'empty', string> = {
  pending: 'Waiting',
  processing: 'Writing',
  completed: 'Ready',
  empty: 'Empty',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** "Ready" has no colour, because nearly all texts are ready. */
const GENERATION_LOOKS: Record<GenerationStatus | 'empty', string> = {
  pending: 'bg-waiting-soft text-waiting',
  processing: 'bg-writing-soft text-writing',
  completed: 'px-0! text-muted',
  empty: 'bg-sunken text-muted',
  failed: 'bg-danger-soft text-danger',
  cancelled: 'bg-sunken text-muted',
};

/** The state of a text's generation; nothing for a text written by hand. */
export function GenerationBadge({ state }: { state: WritingState }) {
  if (state === null) return null;
  return (
    <span className={`${SHAPE} ${GENERATION_LOOKS[state]}`}>
      <Mark state={state} />
      <span className="sr-only">Status: </span>
      <span>{GENERATION_LABELS[state]}</span>
    </span>
  );
}

function Mark({ state }: { state: WritingState }) {
  if (state === 'pending' || state === 'processing') return <span className="pulse-dot" />;
  if (state === 'completed') return <CheckIcon className="size-4" />;
  if (state === 'failed') return <AlertIcon className="size-4" />;
  return null;
}
