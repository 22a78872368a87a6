import type { ReactElement } from 'react';
import { Link } from 'react-router';

import type { ContentFilters, ListPagination as Place } from '../api/types';
import { addressOf } from '../hooks/useListFilters';
import { ChevronLeftIcon, ChevronRightIcon } from './icons';

interface PaginationProps {
  filters: ContentFilters;
  place: Place;
}

const STEP = 'inline-flex min-h-10 items-center gap-1.5 rounded-xl border border-edge/60 bg-surface px-3.5 py-2 text-sm font-semibold';

/** Links to the previous and next pages. As links, they can be opened in a new tab and work with the Back button. */
export function Pagination({ filters, place: { totalPages, nextCursor } }: PaginationProps) {
  const { page, cursor } = filters;
  if (totalPages === undefined) return <SearchPages filters={filters} nextCursor={nextCursor ?? null} />;
  if (totalPages <= 1 && cursor === null) return null;
  return (
    <nav aria-label="Pages" className="mt-8 flex items-center justify-between gap-3">
      <Step to={page > 1 ? addressOf({ ...filters, page: page - 1 }) : null}>
        <ChevronLeftIcon className="size-4" />
        <span>Newer</span>
      </Step>
      <p className="text-sm text-muted">
        <span>Page </span>
        <span aria-current="page">{page}</span>
        <span>{` of ${totalPages}`}</span>
      </p>
      <Step to={page < totalPages ? addressOf({ ...filters, page: page + 1 }) : null}>
        <span>Older</span>
        <ChevronRightIcon className="size-4" />
      </Step>
    </nav>
  );
}

/** Search results are not counted, so only "more" is known. */
function SearchPages({ filters, nextCursor }: { filters: ContentFilters; nextCursor: string | null }) {
  if (nextCursor === null && filters.cursor === null) return null;
  return (
    <nav aria-label="Pages" className="mt-8 flex items-center justify-between gap-3">
      <Step to={filters.cursor === null ? null : addressOf({ ...filters, page: 1, cursor: null })}>
        <ChevronLeftIcon className="size-4" />
        <span>First page</span>
      </Step>
      <Step to={nextCursor === null ? null : addressOf({ ...filters, page: 1, cursor: nextCursor })}>
        <span>More</span>
        <ChevronRightIcon className="size-4" />
      </Step>
    </nav>
  );
}

function Step({ to, children }: { to: string | null; children: ReactElement[] }) {
  if (to === null) {
    return (
      <span aria-disabled="true" className={`${STEP} invisible`}>
        {children}
      </span>
    );
  }
  return (
    <Link to={to} className={`${STEP} hover:border-edge hover:bg-sunken`}>
      {children}
    </Link>
  );
}
