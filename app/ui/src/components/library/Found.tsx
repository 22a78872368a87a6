import type { ContentFilters, ContentPage } from '../../api/types';
import { useBulkActions } from '../../hooks/useBulkActions';
import { addressOf } from '../../hooks/useListFilters';
import { useNow } from '../../hooks/useNow';
import { useSelection } from '../../hooks/useSelection';
import { writingStateOf } from '../../lib/writingState';
import { lazyPart } from '../lazyPart';
import { PartsBoundary } from '../PartsBoundary';
import { ListHead } from './ListHead';
import { TextRow } from './TextRow';

/** Loaded later, because most libraries do not need it at first. */
const Nothing = lazyPart(() => import('./Nothing'));
const SelectionBar = lazyPart(() => import('./SelectionBar'));

const AGE_STEP_MS = 30_000;

interface FoundProps {
  page: ContentPage;
  filters: ContentFilters;
}

/** The texts of a page, which can be opened and selected. */
export function Found({ page, filters }: FoundProps) {
  const now = useNow(AGE_STEP_MS);
  const list = addressOf({ ...filters, page: 1, cursor: null, size: null, sort: null });
  const selection = useSelection(list, page.contents.map(({ id }) => id));
  const actions = useBulkActions(selection.drop);
  const { busy } = actions;
  const inTrash = filters.trash === true;
  // Nothing is known about those on other pages until they are asked for.
  const mayTryAgain = selection.elsewhere > 0 || page.contents.some((content) => selection.isSelected(content.id) && writingStateOf(content) === 'failed');

  return (
    <>
      <PartsBoundary fallback={null}>
        {selection.selected.length > 0 && <SelectionBar selection={selection} filters={filters} place={page.pagination} actions={actions} mayTryAgain={mayTryAgain} />}
        {page.contents.length === 0 && <Nothing page={page} filters={filters} />}
      </PartsBoundary>
      {page.contents.length > 0 && (
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
                  isBusy={busy?.ids.includes(content.id) === true}
                  isDisabled={busy !== null}
                  onToggle={() => selection.toggle(content.id)}
                  onRestore={() => void actions.change([content.id], 'untrash')}
                  onTrash={() => void actions.change([content.id], 'trash')}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
