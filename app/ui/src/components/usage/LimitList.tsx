import { useQuery } from '@tanstack/react-query';

import { getWaiting, usageKeys, type Limits } from '../../api/usage';
import { bytes, count, resetDay } from '../../lib/usageWords';
import { Meter } from './Meter';

/** The user's limits, the remaining quotas, and when they reset. */
export function LimitList({ limits }: { limits: Limits }) {
  const { dailyGenerations: day, monthlyTokens: month, storedBytes: stored } = limits;
  return (
    <section aria-labelledby="limits" className="card space-y-5 p-5">
      <h2 id="limits" className="font-serif text-xl font-semibold">
        Limits
      </h2>
      {day && <OneLimit label="Texts today" room={day} numbers={numbersOf(day)} more={`More on ${resetDay(day)} at 00:00 UTC`} />}
      {month && <OneLimit label="Tokens this month" room={month} numbers={numbersOf(month)} more={`More on ${resetDay(month)}, UTC`} />}
      {stored && (
        <OneLimit
          label="Stored texts"
          room={stored}
          numbers={`${bytes(stored.used)} of ${bytes(stored.limit)}`}
          more="Versions and the trash count. Delete texts for good to make room."
        />
      )}
      {!day && !month && !stored && <p className="text-muted">You can write as much as you like.</p>}
      <WaitingNow />
    </section>
  );
}

function numbersOf({ used, limit }: { used: number; limit: number }): string {
  return `${count(used)} of ${count(limit)}`;
}

interface OneLimitProps {
  label: string;
  room: { used: number; limit: number };
  numbers: string;
  more: string;
}

function OneLimit({ label, room, numbers, more }: OneLimitProps) {
  return (
    <div>
      <p className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-semibold">{label}</span>
        <span className="tabular-nums">{numbers}</span>
      </p>
      <Meter label={`${label}: ${numbers}`} room={room} />
      <p className="mt-1.5 text-sm text-muted">{more}</p>
    </div>
  );
}

function WaitingNow() {
  const { data } = useQuery({ queryKey: usageKeys.waiting, queryFn: ({ signal }) => getWaiting(signal) });
  if (!data) return null;
  return (
    <p className="text-sm text-muted">{data.most ? `Waiting now: ${count(data.count)} of ${count(data.most)}` : `Waiting now: ${count(data.count)}`}</p>
  );
}
