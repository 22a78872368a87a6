import type { ContentFilters, ContentPage } from '../../api/types';
import { useBulkActions } from '../../hooks/useBulkActions';
import { addressOf } from '../../hooks/useListFilters';
import { useNow } from '../../hooks/useNow';
import { useRowActions } from '../../hooks/useRowActions';
import { useSelection } from '../../hooks/useSelection';
import { ListHead } from './ListHead';
import { Nothing } from './Nothing';
import { SelectionBar } from './SelectionBar';
import { TextRow } from './TextRow';

const AGE_STEP_MS = 30_000;

interface FoundProps {
  page: ContentPage;
  filters: ContentFilters;
  isFiltered: boolean;
}

/** The texts of a page, to be opened or selected. */
export function Found({ page, filters, isFiltered }: FoundProps) {
  const now = useNow(AGE_STEP_MS);
  const list = addressOf({ ...filters, page: 1, cursor: null, size: null, sort: null });
  const selection = useSelection(list, page.contents.map(({ id }) => id));
  const actions = useBulkActions();
  const rowActions = useRowActions(actions);
  const inTrash = filters.trash === true;

  return (
    <>
      {selection.selected.length > 0 && <SelectionBar selection={selection} filters={filters} place={page.pagination} actions={actions} />}
      {page.contents.length === 0 ? (
        <Nothing page={page} filters={filters} isFiltered={isFiltered} />
      ) : (
        <div className="text-table">
          <ListHead selection={selection} />
          <ul className="text-list">
            {page.contents.map((content) => (
              <li key={content.id}>
                <TextRow
                  content={content}
                  now={now}
                  isSelected={selection.isSelected(content.id)}
                  inTrash={inTrash}
                  actions={rowActions}
                  onToggle={() => selection.toggle(content.id)}
                  onRestore={() => void actions.change([content.id], 'untrash')}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
