import { Link } from 'react-router';

import { useLimits } from '../../hooks/useLimits';
import { warningOf } from '../../lib/usageWords';

/** Warns that a limit is nearly or completely used up. */
export function QuotaBanner() {
  const limits = useLimits();
  const warning = limits ? warningOf(limits) : null;
  return (
    <div role="status">
      {warning && (
        <p className={`px-4 py-2 text-center text-sm font-medium ${warning.isFull ? 'bg-danger-soft text-danger' : 'bg-waiting-soft text-waiting'}`}>
          <span className="mr-1.5">{warning.text}</span>
          <Link to="/usage" className="underline underline-offset-3">
            See your usage
          </Link>
        </p>
      )}
    </div>
  );
}
