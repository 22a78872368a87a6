import { Link } from 'react-router';

import type { ContentFilters, ContentPage } from '../../api/types';
import { addressOf, isFiltered } from '../../hooks/useListFilters';
import { TYPE_PLURALS } from '../../lib/typePlurals';
import { ButtonLink } from '../Button';
import { EmptyState } from '../EmptyState';
import { PlusIcon, TableIcon, TemplateIcon } from '../icons';
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
      <EmptyState title="Nothing matches" action={<ButtonLink to={filters.trash ? '/contents?trash=true' : '/contents'}>Clear filters</ButtonLink>}>
        {filters.q === null ? (
          <span>No text has this combination of type, tag, status and progress.</span>
        ) : (
          <span>
            <span>No texts match “</span>
            <bdi>{filters.q}</bdi>
            <span>{filters.contentType ? `” in ${TYPE_PLURALS[filters.contentType]}.` : '”.'}</span>
          </span>
        )}
      </EmptyState>
    );
  }
  return <FirstText />;
}

const STARTS = [
  { to: '/contents/new', label: 'Write one', about: 'Say what it should be about and for whom, and watch it being written.', Icon: PlusIcon },
  { to: '/bulk', label: 'Import a spreadsheet', about: 'A text for each row, such as descriptions of all your products.', Icon: TableIcon },
  { to: '/templates', label: 'Browse templates', about: 'Requests with blanks to fill in, for a product, a newsletter or a post.', Icon: TemplateIcon },
];

function FirstText() {
  return (
    <section className="card flex flex-col items-center px-5 py-10 text-center sm:py-14">
      <BlankPages />
      <h2 className="font-serif text-2xl font-semibold">Your first text begins here</h2>
      <ul className="mt-6 grid w-full max-w-4xl gap-4 text-start sm:grid-cols-3">
        {STARTS.map(({ to, label, about, Icon }) => (
          <li key={to} className="relative flex gap-3 rounded-2xl border border-line bg-paper p-4 hover:border-edge has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:flex-col">
            <Icon className="size-6 shrink-0 text-accent" />
            <div>
              <Link to={to} className="font-semibold outline-none after:absolute after:inset-0 after:rounded-2xl">
                {label}
              </Link>
              <p className="mt-1 text-sm text-muted">{about}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
