import { Link, type To } from 'react-router';

import { ArrowLeftIcon } from './icons';

export function BackLink({ to, children }: { to: To; children: string }) {
  return (
    <Link to={to} className="-ml-1 inline-flex items-center gap-1.5 rounded-lg px-1 py-1 text-sm font-medium text-muted hover:text-ink print:hidden">
      <ArrowLeftIcon className="size-4" />
      <span>{children}</span>
    </Link>
  );
}
