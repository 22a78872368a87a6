import { Link } from 'react-router';

import type { ContentFilters } from '../../api/types';
import { addressOf } from '../../hooks/useListFilters';

const ALL = { status: null, generationStatus: null, trash: null, page: 1, cursor: null };

const VIEWS: { label: string; filters: Partial<ContentFilters> }[] = [
  { label: 'All', filters: {} },
  { label: 'Unfinished', filters: { generationStatus: 'pending' } },
  { label: 'Needs attention', filters: { generationStatus: 'failed' } },
  { label: 'Final', filters: { status: 'published' } },
  { label: 'Trash', filters: { trash: true } },
];

/** The views of the library, each with its own URL. Query, type and tag are kept. */
export function Views({ filters }: { filters: ContentFilters }) {
  return (
    <nav aria-label="Views" className="-mx-4 flex gap-1.5 overflow-x-auto px-4 py-1 sm:mx-0 sm:flex-wrap sm:px-0">
      {VIEWS.map((view) => (
        <Link key={view.label} to={addressOf({ ...filters, ...ALL, ...view.filters })} aria-current={isShown(view.filters, filters) ? 'page' : undefined} className="chip shrink-0">
          {view.label}
        </Link>
      ))}
    </nav>
  );
}

function isShown(view: Partial<ContentFilters>, { status, generationStatus, trash }: ContentFilters): boolean {
  const wanted = { status: null, generationStatus: null, trash: null, ...view };
  return wanted.status === status && wanted.generationStatus === generationStatus && wanted.trash === trash;
}
