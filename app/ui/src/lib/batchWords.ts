import type { Batch, BatchCounts } from '../api/batchKeys';

export function isUnderWay({ pending, processing }: BatchCounts): boolean {
  return pending + processing > 0;
}

/** The progress of a batch in words: "41 of 60 done", "Paused: 12 of 60 done", "58 of 60 ready, 2 failed". */
export function stateSaid({ state, counts }: Batch): string {
  const ended = counts.total - counts.pending - counts.processing;
  if (isUnderWay(counts)) return `${state === 'paused' ? 'Paused: ' : ''}${ended} of ${counts.total} done`;
  const rest = [counts.failed > 0 && `${counts.failed} failed`, counts.cancelled > 0 && `${counts.cancelled} cancelled`].filter(Boolean);
  return [`${counts.completed} of ${counts.total} ready`, ...rest].join(', ');
}

/** The estimated remaining time in milliseconds; null until enough rows are done. */
export function timeLeft({ counts, createdAt }: Batch, now: number): number | null {
  const ended = counts.completed + counts.failed;
  if (ended < 3) return null;
  const pace = (now - Date.parse(createdAt)) / ended;
  return pace * (counts.pending + counts.processing);
}
