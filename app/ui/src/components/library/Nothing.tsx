import { Link } from 'react-router';

import type { ContentFilters, ContentPage } from '../../api/types';
import { addressOf, isFiltered } from '../../hooks/useListFilters';
import { ButtonLink } from '../Button';
import { EmptyState } from '../EmptyState';
import { PlusIcon } from '../icons';
import { BlankPages } from '../pictures';

interface NothingProps {
  page: ContentPage;
  filters: ContentFilters;
}

/** Explains why the list is empty, with the next action. */
export default function Nothing({ page, filters }: NothingProps) {
  const { total = 0, totalPages = 1 } = page.pagination;
  if (total > 0) {
    return (
      <EmptyState
        title="This page is empty"
        action={<ButtonLink to={addressOf({ ...filters, page: totalPages, cursor: null })}>To the last page</ButtonLink>}
      >
        There are fewer pages than there were.
      </EmptyState>
    );
  }
  if (filters.trash && !isFiltered({ ...filters, trash: null })) {
    return (
      <EmptyState title="The trash is empty" action={<ButtonLink to="/contents">Go to library</ButtonLink>}>
        What you delete can be restored from here for a while.
      </EmptyState>
    );
  }
  if (isFiltered(filters)) {
    return (
      <EmptyState title="Nothing matches" action={<ButtonLink to={filters.trash ? '/contents?trash=true' : '/contents'}>Show everything</ButtonLink>}>
        {filters.q === null ? (
          <span>No text has this combination of type, tag, status and progress.</span>
        ) : (
          <span>
            <span>No text matches “</span>
            <bdi>{filters.q}</bdi>
            <span>”.</span>
          </span>
        )}
      </EmptyState>
    );
  }
  return <FirstText />;
}

function FirstText() {
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
