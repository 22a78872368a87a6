import { useEffect, useRef, useState } from 'react';

import { messageOf } from '../../api/errors';
import { listIds, MOST_SELECTED } from '../../api/library';
import type { ContentFilters, ListPagination } from '../../api/types';
import { useNotices } from '../../contexts/notices';
import type { BulkActions, Busy } from '../../hooks/useBulkActions';
import type { Selection } from '../../hooks/useSelection';
import { EXPORT_FORMATS, type ExportFormat } from '../../lib/exportFormats';
import { textsSaid } from '../../lib/words';
import { Button, type ButtonProps } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { ChevronDownIcon, CloseIcon, DownloadIcon } from '../icons';
import { Menu } from '../Menu';
import { TagForm } from './TagForm';

interface SelectionBarProps {
  selection: Selection;
  filters: ContentFilters;
  place: ListPagination;
  actions: BulkActions;
  /** Whether some of the selected texts could not be written, as far as is known here. */
  mayTryAgain: boolean;
}

type Running = Busy['action'];
type Question = 'trash' | 'purge' | null;

/** What can be done with the selected texts. One goes to the trash without a question: it can be had back. */
export default function SelectionBar({ selection, filters, place, actions, mayTryAgain }: SelectionBarProps) {
  const [question, setQuestion] = useState<Question>(null);
  const [isTagging, setTagging] = useState(false);
  const tagButton = useRef<HTMLButtonElement>(null);
  const { selected, clear } = selection;
  const { busy, progress, change, takeAway } = actions;
  const running = busy?.action;
  /** What runs is shown at its button; meanwhile, the others cannot be used. */
  const stateOf = (action: Running) => ({ busy: running === action, disabled: busy !== null && running !== action });
  const endTagging = () => {
    setTagging(false);
    tagButton.current?.focus();
  };
  const act = (action: 'trash' | 'untrash' | 'purge') => {
    setQuestion(null);
    void change(selected, action);
  };

  return (
    <section aria-label="Selected texts" className="selection-bar">
      <p role="status" className="mr-auto font-semibold">
        {progress ? `${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')} done…` : countSaid(selection)}
      </p>
      <div className="selection-deeds">
        <ChooseAll isDisabled={busy !== null} selection={selection} filters={filters} place={place} />
        {filters.trash ? (
          <>
            <Button {...stateOf('untrash')} onClick={() => act('untrash')}>
              Restore
            </Button>
            <Button look="danger" {...stateOf('purge')} onClick={() => setQuestion('purge')}>
              Delete for good
            </Button>
          </>
        ) : (
          <>
            <ExportMenu state={stateOf('export')} onExport={(format) => void takeAway(selected, format)} />
            {mayTryAgain && (
              <Button {...stateOf('again')} onClick={() => void change(selected, 'again')}>
                Try again
              </Button>
            )}
            <Button ref={tagButton} aria-expanded={isTagging} {...stateOf('tag')} onClick={() => setTagging(!isTagging)}>
              Tag
            </Button>
            <Button look="danger" {...stateOf('trash')} onClick={() => (selected.length > 1 ? setQuestion('trash') : act('trash'))}>
              Move to trash
            </Button>
          </>
        )}
      </div>
      <button type="button" className="icon-button size-10" aria-label="Clear the selection" onClick={clear}>
        <CloseIcon />
      </button>
      {isTagging && <TagForm isBusy={busy !== null} onTag={(tag) => void change(selected, 'tag', tag).then((isDone) => isDone && endTagging())} onClose={endTagging} />}
      {question && <Ask question={question} count={selected.length} onYes={() => act(question)} onNo={() => setQuestion(null)} />}
    </section>
  );
}

function ExportMenu({ state, onExport }: { state: Pick<ButtonProps, 'busy' | 'disabled'>; onExport: (format: ExportFormat) => void }) {
  return (
    <Menu
      align="start"
      actions={EXPORT_FORMATS.map(({ format, label }) => ({ label, onSelect: () => onExport(format) }))}
      trigger={(wiring) => (
        <Button {...wiring} {...state} icon={<DownloadIcon className="size-4" />}>
          <span>Export</span>
          <ChevronDownIcon className="-mr-1 size-4 text-muted" />
        </Button>
      )}
    />
  );
}

function countSaid({ selected, elsewhere }: Selection): string {
  const said = `${selected.length.toLocaleString('en')} selected`;
  return elsewhere > 0 ? `${said}, ${elsewhere.toLocaleString('en')} on other pages` : said;
}

/** Offers to select all texts on all pages when the whole page is selected. */
function ChooseAll({ isDisabled, selection, filters, place }: Pick<SelectionBarProps, 'selection' | 'filters' | 'place'> & { isDisabled: boolean }) {
  const notices = useNotices();
  const [isBusy, setBusy] = useState(false);
  const asking = useAbort();
  const { total, nextCursor } = place;
  const hasMore = total === undefined ? Boolean(nextCursor) || filters.cursor !== null : total > selection.selected.length;
  if (selection.ofShown !== 'all' || selection.isAll || !hasMore) return null;

  const chooseAll = async () => {
    const { signal } = asking();
    setBusy(true);
    try {
      const { ids, isAll } = await listIds(filters, signal);
      selection.chooseAll(ids, selection.selected);
      if (!isAll) notices.show({ text: `Only the first ${MOST_SELECTED.toLocaleString('en')} are selected. You can't select more at once.` });
    } catch (error) {
      if (!signal.aborted) notices.show({ text: messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button busy={isBusy} disabled={isDisabled} onClick={() => void chooseAll()}>
      {total === undefined ? 'Select all that match' : `Select all ${total.toLocaleString('en')} that match`}
    </Button>
  );
}

/** Gives out what aborts a request, which also happens when the component goes, as it does when the selection is cleared. */
function useAbort(): () => AbortController {
  const latest = useRef<AbortController>(null);
  useEffect(() => () => latest.current?.abort(), []);
  return () => (latest.current = new AbortController());
}

interface AskProps {
  question: 'trash' | 'purge';
  count: number;
  onYes: () => void;
  onNo: () => void;
}

function Ask({ question, count, onYes, onNo }: AskProps) {
  const isTrash = question === 'trash';
  return (
    <ConfirmDialog
      title={isTrash ? `Move ${textsSaid(count)} to the trash?` : `Delete ${textsSaid(count)} for good?`}
      confirm={isTrash ? 'Move to trash' : 'Delete for good'}
      onConfirm={onYes}
      onCancel={onNo}
    >
      <p>{isTrash ? 'You can restore them from the trash.' : 'They are gone with all their versions. This cannot be undone.'}</p>
    </ConfirmDialog>
  );
}
