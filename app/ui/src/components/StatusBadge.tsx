import type { GenerationStatus, PublicationStatus } from '../api/types';

const SHAPE = 'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap';

const PUBLICATION: Record<PublicationStatus, { text: string; look: string }> = {
  draft: { text: 'Draft', look: 'border border-edge/60 text-muted' },
  published: { text: 'Published', look: 'border border-accent/40 bg-accent-soft text-accent-strong' },
};

export const GENERATION_LABELS: Record<GenerationStatus, string> = {
  pending: 'Waiting',
  processing: 'Writing',
  completed: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const GENERATION_LOOKS: Record<GenerationStatus, string> = {
  pending: 'bg-waiting-soft text-waiting',
  processing: 'bg-writing-soft text-writing',
  completed: 'bg-accent-soft text-accent-strong',
  failed: 'bg-danger-soft text-danger',
  cancelled: 'bg-sunken text-muted',
};

/** Whether a piece is out. */
export function StatusBadge({ status }: { status: PublicationStatus }) {
  const { text, look } = PUBLICATION[status];
  return <span className={`${SHAPE} ${look}`}>{text}</span>;
}

/** Where the writing of a piece is; nothing for one written by hand. */
export function GenerationBadge({ status }: { status: GenerationStatus | null }) {
  if (status === null) return null;
  return (
    <span className={`${SHAPE} ${GENERATION_LOOKS[status]}`}>
      {(status === 'pending' || status === 'processing') && <span className="pulse-dot" />}
      {GENERATION_LABELS[status]}
    </span>
  );
}
