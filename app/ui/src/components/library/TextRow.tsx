import { Link } from 'react-router';

import type { Content } from '../../api/types';
import { addressOf, NO_FILTERS } from '../../hooks/useListFilters';
import { ageOf, exactTime } from '../../lib/age';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { textStatusOf } from '../../lib/textStatus';
import { wordsText } from '../../lib/words';
import { writingStateOf } from '../../lib/writingState';
import { Button } from '../Button';
import { MoreIcon } from '../icons';
import { lazyPart } from '../lazyPart';
import { PartsBoundary } from '../PartsBoundary';
import { GenerationBadge } from '../StatusBadge';
import { StatusChip } from '../StatusChip';
import { FirstWords } from './FirstWords';

/** Loaded after the list is shown. */
const RowMenu = lazyPart(() => import('./RowMenu'), () => null);
const TryAgain = lazyPart(() => import('./TryAgain'), () => null);

interface TextRowProps {
  content: Content;
  now: number;
  isSelected: boolean;
  inTrash: boolean;
  /** Whether an action on this text runs. */
  isBusy: boolean;
  /** Whether any action runs, so that no other can be started. */
  isDisabled: boolean;
  onToggle: () => void;
  onRestore: () => void;
  onTrash: () => void;
}

/** A text in the library: a line of a table where there is room, a card elsewhere. All of it leads to the text; the link is its title. */
export function TextRow({ content, now, isSelected, inTrash, isBusy, isDisabled, onToggle, onRestore, onTrash }: TextRowProps) {
  const { id, title } = content;
  const { label, Icon } = CONTENT_TYPE_TEXT[content.contentType];
  const isFailed = writingStateOf(content) === 'failed';
  return (
    <article className={`text-row group ${isFailed ? 'text-row-failed' : ''} ${isSelected ? 'text-row-selected' : ''}`}>
      <label className="text-row-box">
        <input type="checkbox" checked={isSelected} onChange={onToggle} className="size-5 accent-accent" />
        <span className="sr-only">{`Select ${title}`}</span>
      </label>
      <span title={label} className="text-row-type">
        <Icon className="size-5" />
      </span>
      <div className="text-row-words">
        <h2 dir="auto" className="text-row-title">
          <Link to={`/contents/${id}`} className="outline-none group-hover:text-accent after:absolute after:inset-0 after:rounded-2xl xl:after:rounded-none">
            {title}
          </Link>
        </h2>
        <FirstWords content={content} />
        <Tags tags={content.tags ?? []} />
      </div>
      <div className="text-row-facts">
        <Status content={content} />
        <span className="text-xs text-muted xl:hidden">{label}</span>
        {isFailed && !inTrash ? (
          <PartsBoundary fallback={null}>
            <TryAgain content={content} />
          </PartsBoundary>
        ) : (
          <span className="text-xs text-muted tabular-nums xl:text-sm">{content.words ? wordsText(content.words) : ''}</span>
        )}
        <time dateTime={content.updatedAt} title={exactTime(content.updatedAt)} className="text-xs text-muted xl:text-sm">
          {ageOf(content.updatedAt, now)}
        </time>
      </div>
      {inTrash ? (
        <Button className="text-row-deed" busy={isBusy} disabled={isDisabled && !isBusy} aria-label={`Restore ${title}`} onClick={onRestore}>
          Restore
        </Button>
      ) : (
        <div className="text-row-menu">
          <PartsBoundary fallback={<MoreIcon className="m-2.5 size-5 text-muted" />}>
            <RowMenu content={content} isDisabled={isDisabled} onTrash={onTrash} />
          </PartsBoundary>
        </div>
      )}
    </article>
  );
}

/** One status per text; unfinished ones say whether they are waiting or being written. */
function Status({ content }: { content: Content }) {
  const state = writingStateOf(content);
  if (state === 'pending' || state === 'processing') return <GenerationBadge state={state} />;
  return <StatusChip status={textStatusOf(content)} />;
}

function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return null;
  return (
    <ul aria-label="Tags" className="text-row-tags">
      {tags.map((tag) => (
        <li key={tag} className="min-w-0">
          <Link to={addressOf({ ...NO_FILTERS, tag })} className="text-row-tag">
            <bdi>{tag}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}
