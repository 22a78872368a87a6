import { useQuery } from '@tanstack/react-query';

import { adminKeys, getPeoplesUsage } from '../../api/admin';
import { messageOf } from '../../api/errors';
import { count, money } from '../../lib/usageWords';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { tokensOf, UsageTable } from '../usage/UsageTable';
import { AdminFrame } from './AdminFrame';

/** Usage of this month by user. */
export default function PeoplesUsageSection() {
  const usage = useQuery({ queryKey: adminKeys.usage, queryFn: ({ signal }) => getPeoplesUsage(signal) });
  return (
    <AdminFrame title="Usage by person" lead="This month, in UTC. Those with the most tokens come first.">
      {usage.isPending && <Loader label="Loading usage" />}
      {usage.isError && <ErrorMessage onRetry={() => void usage.refetch()}>{messageOf(usage.error)}</ErrorMessage>}
      {usage.data?.rows.length === 0 && <p className="text-muted">Nobody has used anything this month.</p>}
      {usage.data && usage.data.rows.length > 0 && (
        <>
          <p>{`In all ${count(tokensOf(usage.data.totals))} tokens, at a cost of ${money(usage.data.totals.cost)}.`}</p>
          <UsageTable caption="People" names={[{ heading: 'Person', of: ({ email, userId }) => email ?? `deleted (${userId})` }]} rows={usage.data.rows} />
        </>
      )}
    </AdminFrame>
  );
}
