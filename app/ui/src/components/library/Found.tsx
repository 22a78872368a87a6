import { Link } from 'react-router';

import type { ContentFilters, ContentPage } from '../../api/types';
import { useBulkActions } from '../../hooks/useBulkActions';
import { addressOf } from '../../hooks/useListFilters';
import { useNow } from '../../hooks/useNow';
import { useSelection } from '../../hooks/useSelection';
import { ButtonLink } from '../Button';
import { ContentCard } from '../ContentCard';
import { EmptyState } from '../EmptyState';
import { PlusIcon } from '../icons';
import { BlankPages } from '../pictures';
import { SelectionBar } from './SelectionBar';

const AGE_STEP_MS = 30_000;

interface FoundProps {
  page: ContentPage;
  filters: ContentFilters;
  isFiltered: boolean;
}

/** The texts of a page, to be opened or selected. */
export function Found({ page, filters, isFiltered }: FoundProps) {
  const now = useNow(AGE_STEP_MS);
  const selection = useSelection(page.contents.map(({ id }) => id));
  const actions = useBulkActions();
  const inTrash = filters.trash === true;
  if (page.contents.length === 0) return <Nothing page={page} filters={filters} isFiltered={isFiltered} />;

  return (
    <>
      {selection.selected.length > 0 && (
        <SelectionBar
          selected={selection.selected}
          total={page.contents.length}
          inTrash={inTrash}
          actions={actions}
          onSelectAll={selection.selectAll}
          onClear={selection.clear}
        />
      )}
      <ul className="space-y-2.5">
        {page.contents.map((content) => (
          <li key={content.id}>
            <ContentCard
              content={content}
              now={now}
              isSelected={selection.isSelected(content.id)}
              onToggle={() => selection.toggle(content.id)}
              onRestore={inTrash ? () => void actions.change([content.id], 'untrash') : undefined}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Nothing({ page, filters, isFiltered }: FoundProps) {
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
  if (filters.trash) {
    return (
      <EmptyState title="The trash is empty" action={<ButtonLink to="/contents">Go to library</ButtonLink>}>
        What you delete can be restored from here for a while.
      </EmptyState>
    );
  }
  if (isFiltered) {
    return (
      <EmptyState title="Nothing matches" action={<ButtonLink to="/contents">Show everything</ButtonLink>}>
        {filters.q === null ? (
          <span>No text has this combination of type, status and progress.</span>
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
