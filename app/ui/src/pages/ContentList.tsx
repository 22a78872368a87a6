import { Link } from 'react-router';

import { messageOf } from '../api/errors';
import type { ContentPage } from '../api/types';
import { ButtonLink } from '../components/Button';
import { ContentCard } from '../components/ContentCard';
import { ContentSkeletons } from '../components/ContentSkeletons';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { PlusIcon } from '../components/icons';
import { ListFilters } from '../components/ListFilters';
import { BlankPages } from '../components/pictures';
import { PageHeading } from '../components/PageHeading';
import { Pagination } from '../components/Pagination';
import { useContents } from '../hooks/useContents';
import { addressOf, useListFilters } from '../hooks/useListFilters';
import { useNow } from '../hooks/useNow';

const AGE_STEP_MS = 30_000;

export default function ContentList() {
  const { filters, change, isFiltered } = useListFilters();
  const { data, error, isPending, isPlaceholderData, refetch } = useContents(filters);
  const isNewAccount = data?.pagination.total === 0 && !isFiltered && !isPlaceholderData;

  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <PageHeading documentTitle="Your texts">Your texts</PageHeading>
        <p role="status" className="min-h-6 text-sm text-muted">
          {data && !isNewAccount && count(data.pagination.total, isFiltered)}
        </p>
      </div>
      {!isNewAccount && (
        <div className="mt-6">
          <ListFilters filters={filters} onChange={change} />
        </div>
      )}
      <div className="mt-5" aria-busy={isPending || isPlaceholderData}>
        {error && (
          <div className="mb-4">
            <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>
          </div>
        )}
        {isPending && <ContentSkeletons count={4} />}
        {data && (
          <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`}>
            <Found page={data} isFiltered={isFiltered} />
            <Pagination filters={filters} totalPages={data.pagination.totalPages} />
          </div>
        )}
      </div>
    </>
  );
}

function Found({ page, isFiltered }: { page: ContentPage; isFiltered: boolean }) {
  const now = useNow(AGE_STEP_MS);
  const { filters } = useListFilters();

  if (page.contents.length > 0) {
    return (
      <ul className="space-y-3">
        {page.contents.map((content) => (
          <li key={content.id}>
            <ContentCard content={content} now={now} />
          </li>
        ))}
      </ul>
    );
  }
  if (page.pagination.total > 0) {
    return (
      <EmptyState
        title="This page is empty"
        action={<ButtonLink to={addressOf({ ...filters, page: page.pagination.totalPages })}>To the last page</ButtonLink>}
      >
        There are fewer pages than there were.
      </EmptyState>
    );
  }
  if (isFiltered) {
    return (
      <EmptyState title="Nothing matches" action={<ButtonLink to="/contents">Show everything</ButtonLink>}>
        No text has this combination of type, status and progress.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      picture={<BlankPages />}
      title="Your first text begins here"
      action={
        <ButtonLink to="/contents/new" look="primary" icon={<PlusIcon className="size-4" />}>
          Write the first one
        </ButtonLink>
      }
    >
      <span>
        Say what it should be about and for whom. You can watch it being written, and change every word afterwards. Not sure
        how to begin?
      </span>
      <Link to="/contents/new" className="link block">
        There are examples to start from
      </Link>
    </EmptyState>
  );
}

function count(total: number, isFiltered: boolean): string {
  const texts = total === 1 ? '1 text' : `${total.toLocaleString('en')} texts`;
  return isFiltered ? `${texts} found` : texts;
}
