import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { adminKeys, getQueue, listRuns, requeueRun, RUN_STATES, type QueueState, type Run, type RunState } from '../../api/admin';
import { messageOf } from '../../api/errors';
import { useNotices } from '../../contexts/notices';
import { useAction } from '../../hooks/useAction';
import { useLastPage } from '../../hooks/useLastPage';
import { exactTime } from '../../lib/age';
import { count } from '../../lib/usageWords';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { AdminFrame } from './AdminFrame';
import { PageSteps } from '../PageSteps';

const EVERY_MS = 5_000;
const STATE_WORDS: Record<RunState, string> = { failed: 'Failed', pending: 'Waiting', processing: 'Writing' };
const NONE: Record<RunState, string> = {
  failed: 'Nothing has failed.',
  pending: 'Nothing waits.',
  processing: 'Nothing is being written.',
};

/** Waiting, running and failed generations, and retries of the failed ones. */
export default function QueueSection() {
  const [state, setState] = useState<RunState>('failed');
  const [page, setPage] = useState(1);
  const queue = useQuery({ queryKey: adminKeys.queue, queryFn: ({ signal }) => getQueue(signal), refetchInterval: EVERY_MS });
  const runs = useQuery({
    queryKey: adminKeys.runs(state, page),
    queryFn: ({ signal }) => listRuns(state, page, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  useLastPage(page, runs.data?.pagination.totalPages, setPage);
  return (
    <AdminFrame title="Queue" lead="Titles, requests and texts belong to the people, and are not shown here.">
      {queue.data && <Figures queue={queue.data} />}
      <div role="group" aria-label="Show" className="flex flex-wrap gap-2">
        {RUN_STATES.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === state}
            onClick={() => {
              setState(each);
              setPage(1);
            }}
            className="chip min-h-10"
          >
            {STATE_WORDS[each]}
          </button>
        ))}
      </div>
      {runs.isPending && <Loader label="Loading generations" />}
      {runs.isError && <ErrorMessage onRetry={() => void runs.refetch()}>{messageOf(runs.error)}</ErrorMessage>}
      {runs.data?.generations.length === 0 && <p className="text-muted">{NONE[state]}</p>}
      {runs.data && runs.data.generations.length > 0 && (
        <ul className="card divide-y divide-line">
          {runs.data.generations.map((run) => (
            <RunRow key={run.contentId} run={run} />
          ))}
        </ul>
      )}
      {runs.data && <PageSteps pages={runs.data.pagination} onPage={setPage} />}
    </AdminFrame>
  );
}

function Figures({ queue }: { queue: QueueState }) {
  const figures: [string, number | null][] = [
    ['Waiting', queue.waiting],
    ['Writing', queue.running],
    ['Overdue', queue.overdue],
    ['Failed', queue.failed],
    ['Workers', queue.workers],
  ];
  return (
    <div className="space-y-3">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {figures.map(([label, number]) => (
          <div key={label} className="card px-4 py-3">
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="font-serif text-2xl font-semibold tabular-nums">{number === null ? 'Unknown' : count(number)}</dd>
          </div>
        ))}
      </dl>
      {queue.workers === 0 && <ErrorMessage>No worker is running, so nothing is written. Start a worker process.</ErrorMessage>}
      {queue.givenUp > 0 && (
        <ErrorMessage>{`${count(queue.givenUp)} consequences were given up after 20 tries. The log says why.`}</ErrorMessage>
      )}
    </div>
  );
}

function RunRow({ run: generation }: { run: Run }) {
  const queries = useQueryClient();
  const notices = useNotices();
  const { run, running, problem } = useAction(async (contentId: string) => {
    await requeueRun(contentId);
    notices.show({ text: 'It will be tried again now.' });
    await queries.invalidateQueries({ queryKey: adminKeys.all });
  });
  const when = generation.finishedAt ?? generation.dueAt;
  return (
    <li className="space-y-3 px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-medium break-words">{generation.failureReason ?? (generation.status === 'processing' ? 'Being written' : 'Waiting')}</p>
          <p className="text-sm break-all text-muted">
            <span>{generation.email ?? 'a deleted account'}</span>
            <span> · </span>
            <span>{`${generation.contentType}, attempt ${generation.attempt ?? 0} of ${generation.maxAttempts ?? 1}`}</span>
            <span> · </span>
            <span>{when ? exactTime(when) : ''}</span>
          </p>
        </div>
        {generation.status === 'failed' && (
          <Button busy={running !== null} onClick={() => void run(generation.contentId)}>
            <span>Try again</span>
            <span className="sr-only">{`for ${generation.email ?? 'a deleted account'}`}</span>
          </Button>
        )}
      </div>
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
    </li>
  );
}
