import { Link } from 'react-router';

import { PAGE_SIZE } from '../api/contents';
import { messageOf } from '../api/errors';
import type { ContentFilters, ListPagination } from '../api/types';
import { ContentSkeletons } from '../components/ContentSkeletons';
import { ErrorMessage } from '../components/ErrorMessage';
import { Found } from '../components/library/Found';
import '../components/library/library.css';
import { PageSize } from '../components/library/PageSize';
import { SearchField } from '../components/library/SearchField';
import { Views } from '../components/library/Views';
import { lazyPart } from '../components/lazyPart';
import { ListFilters } from '../components/ListFilters';
import { PageHeading } from '../components/PageHeading';
import { Pagination } from '../components/Pagination';
import { PartsBoundary } from '../components/PartsBoundary';
import { useContents } from '../hooks/useContents';
import { useListFilters } from '../hooks/useListFilters';
import { textsSaid } from '../lib/words';

const BatchChip = lazyPart(() => import('../components/library/BatchChip'));

export default function ContentList() {
  const { filters, change, isFiltered } = useListFilters();
  const { data, error, isPending, isPlaceholderData, refetch } = useContents(filters);
  const isNewAccount = data?.pagination.total === 0 && !isFiltered && !isPlaceholderData;

  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <PageHeading documentTitle="Library">{filters.trash ? 'Trash' : 'Library'}</PageHeading>
        <p role="status" className="min-h-6 text-sm text-muted">
          {data?.pagination.total !== undefined && !isNewAccount && count(data.pagination.total, isFiltered)}
        </p>
      </div>
      {!isNewAccount && (
        <div className="mt-5 space-y-3">
          <Views filters={filters} />
          <SearchField q={filters.q} onSearch={(q) => change({ q })} />
          <ListFilters filters={filters} onChange={change} />
          {filters.batchId && (
            <PartsBoundary fallback={<div className="min-h-10" />}>
              <BatchChip id={filters.batchId} onRemove={() => change({ batchId: null })} />
            </PartsBoundary>
          )}
        </div>
      )}
      {isNewAccount && <TrashLink />}
      <div className="mt-5" aria-busy={isPending || isPlaceholderData}>
        {error && (
          <div className="mb-4">
            <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>
          </div>
        )}
        {isPending && <ContentSkeletons count={4} />}
        {data && (
          <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`}>
            <Found page={data} filters={filters} />
            <Pagination filters={filters} place={data.pagination} />
            {isLong(data.pagination, filters) && <PageSize size={filters.size} onChange={(size) => change({ size })} />}
          </div>
        )}
      </div>
    </>
  );
}

/** Whether the choice of a page size makes sense. */
function isLong({ total = 0, nextCursor }: ListPagination, { size, cursor }: ContentFilters): boolean {
  return total > PAGE_SIZE || Boolean(nextCursor) || cursor !== null || size !== null;
}

/** Shown after the last text was deleted, which can be restored. */
function TrashLink() {
  return (
    <p className="mt-2 text-sm text-muted">
      <Link to="/contents?trash=true" className="link">
        Trash
      </Link>
    </p>
  );
}

function count(total: number, isFiltered: boolean): string {
  return isFiltered ? `${textsSaid(total)} found` : textsSaid(total);
}
