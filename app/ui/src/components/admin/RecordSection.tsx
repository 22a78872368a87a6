import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { adminKeys, listActs } from '../../api/admin';
import { messageOf } from '../../api/errors';
import { exactTime } from '../../lib/age';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { AdminFrame } from './AdminFrame';
import { PageSteps } from '../PageSteps';

const ACT_WORDS: Record<string, string> = {
  'user.created': 'created an account',
  'user.promoted': 'made somebody an operator',
  'user.demoted': 'made an operator an ordinary person',
  'user.disabled': 'disabled an account',
  'user.enabled': 'enabled an account',
  'user.reset-link': 'made a link for a new password',
  'user.limits': 'changed limits',
  'generation.requeued': 'ran a generation again',
  'provider.tested': 'tested the provider',
};

/** The audit log of operators' actions, newest first. */
export default function RecordSection() {
  const [page, setPage] = useState(1);
  const acts = useQuery({ queryKey: adminKeys.audit(page), queryFn: ({ signal }) => listActs(page, signal), placeholderData: keepPreviousData });
  return (
    <AdminFrame title="Record" lead="Everything that operators did, here and with commands on the server.">
      {acts.isPending && <Loader label="Loading the record" />}
      {acts.isError && <ErrorMessage onRetry={() => void acts.refetch()}>{messageOf(acts.error)}</ErrorMessage>}
      {acts.data?.acts.length === 0 && <p className="text-muted">No operator has done anything yet.</p>}
      {acts.data && acts.data.acts.length > 0 && (
        <ol className="card divide-y divide-line">
          {acts.data.acts.map(({ id, at, act, operator, subjectId }) => (
            <li key={id} className="px-4 py-3">
              <p className="break-words">{`${whoOf(operator)} ${ACT_WORDS[act] ?? act}`}</p>
              <p className="text-sm break-all text-muted">{[exactTime(at), subjectId].filter(Boolean).join(' · ')}</p>
            </li>
          ))}
        </ol>
      )}
      {acts.data && <PageSteps pages={acts.data.pagination} onPage={setPage} />}
    </AdminFrame>
  );
}

function whoOf(operator: string | null): string {
  if (operator === 'command') return 'A command on the server';
  return operator ?? 'A deleted account';
}
