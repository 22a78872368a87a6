import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';

import { batchKeys, type Batch } from '../api/batchKeys';
import { getBatch, listItems } from '../api/batches';
import { isStatus, messageOf } from '../api/errors';
import type { GenerationStatus } from '../api/types';
import { BackLink } from '../components/BackLink';
import { BatchActions } from '../components/bulk/BatchActions';
import { BatchRows } from '../components/bulk/BatchRows';
import { BatchProgress } from '../components/bulk/BatchProgress';
import { Button, ButtonLink } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { useLiveness } from '../contexts/live';
import { useBatchActions } from '../hooks/useBatchActions';
import { useLastPage } from '../hooks/useLastPage';
import { isUnderWay } from '../lib/batchWords';

const LIVE_POLL_MS = 15_000;
const POLL_MS = 3_000;

/** One batch: its progress, rows and results. */
export default function BatchRun() {
  const { id = '' } = useParams();
  const isLive = useLiveness() === 'live';
  const { data: batch, error, refetch } = useQuery({
    queryKey: batchKeys.detail(id),
    queryFn: ({ signal }) => getBatch(id, signal),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.counts) ? (isLive ? LIVE_POLL_MS : POLL_MS) : false),
  });
  const isMissing = isStatus(error, 404);
  return (
    <>
      <BackLink to="/bulk">Bulk</BackLink>
      <PageHeading documentTitle={batch?.name ?? 'Batch'} className="mt-3">
        {batch?.name ?? (isMissing ? "We can't find this batch" : 'Batch')}
      </PageHeading>
      <div className="mt-6 space-y-6">
        {error && !isMissing && <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>}
        {isMissing && (
          <EmptyState title="It is not among your batches" action={<ButtonLink to="/bulk">Go to your batches</ButtonLink>}>
            The link may be old or mistyped.
          </EmptyState>
        )}
        {!batch && !error && <Loader label="Loading the batch" />}
        {batch && <Run key={batch.id} batch={batch} />}
      </div>
    </>
  );
}

const FILTERS: { label: string; status: GenerationStatus | null }[] = [
  { label: 'All rows', status: null },
  { label: 'Failed', status: 'failed' },
  { label: 'Ready', status: 'completed' },
];

function Run({ batch }: { batch: Batch }) {
  const [page, setPage] = useState(1);
  const [status, setStatus] = useState<GenerationStatus | null>(null);
  const actions = useBatchActions(batch);
  const isLive = useLiveness() === 'live';
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: batchKeys.itemPage(batch.id, page, status),
    queryFn: ({ signal }) => listItems(batch.id, page, status, signal),
    placeholderData: keepPreviousData,
    refetchInterval: isUnderWay(batch.counts) ? (isLive ? LIVE_POLL_MS : POLL_MS) : false,
  });
  const choose = (next: GenerationStatus | null) => {
    setStatus(next);
    setPage(1);
  };
  const pages = data?.pagination.totalPages ?? 1;
  useLastPage(page, data?.pagination.totalPages, setPage);

  return (
    <>
      <BatchProgress batch={batch} />
      <BatchActions batch={batch} actions={actions} />
      <div role="group" aria-label="Which rows" className="flex flex-wrap gap-2">
        {FILTERS.map((filter) => (
          <button key={filter.label} type="button" aria-pressed={filter.status === status} onClick={() => choose(filter.status)} className="chip min-h-10">
            {filter.label}
          </button>
        ))}
      </div>
      {error && <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>}
      {!data && !error && <Loader label="Loading the rows" />}
      {data && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : ''}>
          <BatchRows items={data.items} actions={actions} isFiltered={status !== null} />
        </div>
      )}
      {pages > 1 && (
        <nav aria-label="Pages" className="flex items-center justify-between gap-3">
          <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
            Earlier rows
          </Button>
          <p className="text-sm text-muted">{`Page ${page} of ${pages}`}</p>
          <Button disabled={page >= pages} onClick={() => setPage(page + 1)}>
            Later rows
          </Button>
        </nav>
      )}
    </>
  );
}
