import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { batchKeys, type Batch } from '../../api/batchKeys';
import { listBatches } from '../../api/batches';
import { messageOf } from '../../api/errors';
import { useNow } from '../../hooks/useNow';
import { ageOf, exactTime } from '../../lib/age';
import { stateSaid } from '../../lib/batchWords';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';

const AGE_STEP_MS = 30_000;

/** The user's batches, newest first; nothing if there are none. */
export function BatchList() {
  const [page, setPage] = useState(1);
  const now = useNow(AGE_STEP_MS);
  const { data, error, refetch } = useQuery({ queryKey: batchKeys.list(page), queryFn: ({ signal }) => listBatches(page, signal) });
  if (error && !data) return <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>;
  if (!data || data.pagination.total === 0) return null;
  return (
    <section aria-label="Your batches" className="mt-12">
      <h2 className="font-serif text-xl font-semibold">Your batches</h2>
      <ul className="card mt-3 divide-y divide-line">
        {data.batches.map((batch) => (
          <li key={batch.id}>
            <Row batch={batch} now={now} />
          </li>
        ))}
      </ul>
      {data.pagination.totalPages > 1 && (
        <div className="mt-4 flex items-center justify-between gap-3">
          <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
            Newer
          </Button>
          <p className="text-sm text-muted">{`Page ${page} of ${data.pagination.totalPages}`}</p>
          <Button disabled={page >= data.pagination.totalPages} onClick={() => setPage(page + 1)}>
            Older
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ batch, now }: { batch: Batch; now: number }) {
  return (
    <div className="relative flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-accent">
      <Link to={`/bulk/${batch.id}`} className="min-w-0 flex-1 basis-48 truncate font-semibold outline-none after:absolute after:inset-0">
        <bdi>{batch.name}</bdi>
      </Link>
      <p className="text-sm text-muted">{stateSaid(batch)}</p>
      <time dateTime={batch.createdAt} title={exactTime(batch.createdAt)} className="text-sm text-muted">
        {ageOf(batch.createdAt, now)}
      </time>
    </div>
  );
}
