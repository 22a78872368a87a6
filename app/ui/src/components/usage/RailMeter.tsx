import { Link } from 'react-router';

import { useLimits } from '../../hooks/useLimits';
import { count, shortCount } from '../../lib/usageWords';
import { Meter } from './Meter';

/** The usage meter at the bottom of the rail; nothing if there are no limits. */
export function RailMeter() {
  const limits = useLimits();
  const day = limits?.dailyGenerations;
  const month = limits?.monthlyTokens;
  const shown = day ?? month;
  if (!shown) return null;
  const words = day ? `${count(day.used)} of ${count(day.limit)} texts today` : `${shortCount(shown.used)} of ${shortCount(shown.limit)} tokens this month`;
  return (
    <Link to="/usage" className="mb-3 block rounded-xl px-3 py-2 text-xs text-muted hover:bg-sunken hover:text-ink">
      <span className="mb-1.5 block">{words}</span>
      <Meter label={words} room={shown} />
    </Link>
  );
}
