import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

import { messageOf } from '../api/errors';
import { getUsage, usageKeys, type Usage as Used, type UsageSum } from '../api/usage';
import { ButtonLink } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { Select } from '../components/Select';
import { DayBars } from '../components/usage/DayBars';
import { LimitList } from '../components/usage/LimitList';
import { tokensOf, UsageTable } from '../components/usage/UsageTable';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { count, lastMonths, money, monthName, shortCount } from '../lib/usageWords';

/** Usage and costs of a month, and the remaining limits. The month is in the URL. */
export default function Usage() {
  const [address, setAddress] = useSearchParams();
  const months = lastMonths(new Date());
  const asked = address.get('month') ?? '';
  const month = months.includes(asked) ? asked : (months[0] ?? '');
  const days = useQuery({ queryKey: usageKeys.month(month, 'day'), queryFn: ({ signal }) => getUsage(month, 'day', signal) });
  const kinds = useQuery({ queryKey: usageKeys.month(month, 'type,model'), queryFn: ({ signal }) => getUsage(month, 'type,model', signal) });
  const failed = [days, kinds].find(({ isError }) => isError);

  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <PageHeading documentTitle="Usage">Usage</PageHeading>
        <label className="w-52">
          <span className="sr-only">Month</span>
          <Select value={month} onChange={({ target }) => setAddress({ month: target.value }, { replace: true, preventScrollReset: true })}>
            {months.map((each) => (
              <option key={each} value={each}>
                {monthName(each)}
              </option>
            ))}
          </Select>
        </label>
      </div>
      <div className="mt-8">
        {failed && (
          <ErrorMessage onRetry={() => void Promise.all([days.refetch(), kinds.refetch()])}>{messageOf(failed.error)}</ErrorMessage>
        )}
        {!failed && !(days.data && kinds.data) && <Loader label="Loading your usage" />}
        {days.data && kinds.data && <Report month={month} days={days.data} kinds={kinds.data} />}
      </div>
    </>
  );
}

function Report({ month, days, kinds }: { month: string; days: Used; kinds: Used }) {
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0 space-y-10">
        {days.totals.calls === 0 ? (
          <EmptyState
            title={`Nothing used in ${monthName(month)}`}
            action={
              <ButtonLink to="/contents/new" look="primary">
                Write a text
              </ButtonLink>
            }
          >
            What you have written, and what it cost, appears here. Days are days in UTC.
          </EmptyState>
        ) : (
          <>
            <Totals totals={days.totals} />
            <DayBars month={month} rows={days.rows} />
            <UsageTable
              caption="By type and model"
              names={[
                { heading: 'Type', of: ({ type }) => typeName(type) },
                { heading: 'Model', of: ({ model }) => model ?? '' },
              ]}
              rows={kinds.rows}
            />
          </>
        )}
      </div>
      <LimitList limits={days.limits} />
    </div>
  );
}

function typeName(type = ''): string {
  return type in CONTENT_TYPE_TEXT ? CONTENT_TYPE_TEXT[type as keyof typeof CONTENT_TYPE_TEXT].label : type;
}

function Totals({ totals }: { totals: UsageSum }) {
  const tokens = tokensOf(totals);
  const cards = [
    { label: 'Texts', number: count(totals.generations), more: 'written, also if they failed' },
    { label: 'Calls', number: count(totals.calls), more: 'to the model, with retries and rewrites' },
    { label: 'Tokens', number: shortCount(tokens), more: `${count(totals.inputTokens)} in, ${count(tokens - totals.inputTokens)} out` },
    { label: 'Cost', number: money(totals.cost), more: totals.cost ? 'at the list price' : 'the price of a model is not known' },
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 xl:grid-cols-4">
      {cards.map(({ label, number, more }) => (
        <div key={label} className="card min-w-0 p-4">
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="mt-1">
            <span className="block font-serif text-2xl font-semibold break-words tabular-nums">{number}</span>
            <span className="mt-1 block text-xs text-muted">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
