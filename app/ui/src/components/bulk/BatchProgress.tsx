import type { Batch } from '../../api/batchKeys';
import { useNow } from '../../hooks/useNow';
import { isUnderWay, stateSaid, timeLeft } from '../../lib/batchWords';
import { durationSaid } from '../../lib/duration';
import { Spoken } from '../Spoken';

const STEP_MS = 5_000;

/** The progress of a batch, in words and as a bar of ready, failed and cancelled texts. */
export function BatchProgress({ batch }: { batch: Batch }) {
  const { counts, state } = batch;
  const now = useNow(STEP_MS);
  const left = isUnderWay(counts) && state === 'running' ? timeLeft(batch, now) : null;
  const ended = counts.total - counts.pending - counts.processing;
  const parts = [
    `${ended} of ${counts.total} done`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.cancelled > 0 && `${counts.cancelled} cancelled`,
    state === 'paused' && isUnderWay(counts) && 'paused',
    left !== null && `about ${durationSaid(left)} left`,
  ].filter(Boolean);
  return (
    <div>
      <p className="text-lg font-semibold">{parts.join(' · ')}</p>
      <Spoken>{spoken(batch, ended)}</Spoken>
      <div role="progressbar" aria-label="Done" aria-valuemin={0} aria-valuemax={counts.total} aria-valuenow={ended} className="mt-3 flex h-2.5 overflow-hidden rounded-full bg-sunken">
        <Part count={counts.completed} total={counts.total} look="bg-accent" />
        <Part count={counts.failed} total={counts.total} look="bg-danger" />
        <Part count={counts.cancelled} total={counts.total} look="bg-edge" />
      </div>
    </div>
  );
}

/** Announced at every quarter, when it is paused and resumed, and at the end, not with every text. */
function spoken(batch: Batch, ended: number): string {
  if (!isUnderWay(batch.counts)) return stateSaid(batch);
  const quarters = Math.floor((4 * ended) / batch.counts.total);
  const done = quarters > 0 ? `${25 * quarters}% done.` : '';
  return batch.state === 'paused' ? `Paused. ${done}`.trim() : done || 'Under way.';
}

function Part({ count, total, look }: { count: number; total: number; look: string }) {
  return <span className={`${look} transition-[width]`} style={{ width: `${(count / Math.max(1, total)) * 100}%` }} />;
}
