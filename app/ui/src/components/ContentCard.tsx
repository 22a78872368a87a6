import { Link } from 'react-router';

import type { Content } from '../api/types';
import { useCountdown } from '../hooks/useCountdown';
import { ageOf, clock, exactTime } from '../lib/age';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { excerptOf } from '../lib/excerpt';
import { dueTime } from '../lib/generationTime';
import { writingStateOf } from '../lib/writingState';
import { Button } from './Button';
import { GenerationBadge, StatusBadge } from './StatusBadge';

interface ContentCardProps {
  content: Content;
  now: number;
  isSelected: boolean;
  onToggle: () => void;
  /** Where it is in the trash. */
  onRestore?: () => void;
}

/** One piece in the list. The whole card leads to it; the link is its title. */
export function ContentCard({ content, now, isSelected, onToggle, onRestore }: ContentCardProps) {
  const { label, Icon } = CONTENT_TYPE_TEXT[content.contentType];
  const state = writingStateOf(content);
  const bar = state === 'failed' ? 'border-l-4 border-l-danger' : '';
  return (
    <article
      className={`card group relative flex gap-4 p-4 transition-colors hover:border-edge has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-offset-2 has-[a:focus-visible]:outline-accent sm:p-5 ${bar} ${isSelected ? 'border-accent bg-accent-soft' : ''}`}
    >
      <label className="relative z-10 -m-2 grid size-10 shrink-0 cursor-pointer place-items-center">
        <input type="checkbox" checked={isSelected} onChange={onToggle} className="size-5 accent-accent" />
        <span className="sr-only">{`Select ${content.title}`}</span>
      </label>
      <span className="hidden size-11 shrink-0 place-items-center rounded-xl bg-sunken text-muted sm:grid">
        <Icon className="size-5.5" />
      </span>
      <div className="min-w-0 flex-1">
        <h2 dir="auto" className="line-clamp-2 font-serif text-lg leading-snug font-semibold break-words">
          <Link
            to={`/contents/${content.id}`}
            className="outline-none group-hover:text-accent after:absolute after:inset-0 after:rounded-2xl"
          >
            {content.title}
          </Link>
        </h2>
        <FirstWords content={content} />
        <div className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1.5">
          <GenerationBadge state={state} />
          <StatusBadge status={content.status} />
          <span className="text-xs text-muted">{label}</span>
          <span aria-hidden="true" className="text-xs text-muted">
            ·
          </span>
          <time dateTime={content.createdAt} title={exactTime(content.createdAt)} className="text-xs text-muted">
            {ageOf(content.createdAt, now)}
          </time>
        </div>
      </div>
      {onRestore && (
        <Button className="relative z-10 self-center" onClick={onRestore}>
          Restore
        </Button>
      )}
    </article>
  );
}

function FirstWords({ content }: { content: Content }) {
  const words = content.generatedText === '' ? excerptOf(content.prompt) : excerptOf(content.generatedText, content.title);
  return (
    <div className="mt-1 min-h-10 text-sm break-words text-muted">
      <Progress content={content} />
      <p key={words} dir="auto" className="line-clamp-2">
        {words}
      </p>
    </div>
  );
}

/** What is happening to a piece that has no text yet; it stands on a line of its own. */
function Progress({ content }: { content: Content }) {
  switch (writingStateOf(content)) {
    case 'failed':
      return <p className="font-medium text-danger">{content.failureReason ?? 'The text could not be written'}</p>;
    case 'pending':
      return <Waiting content={content} />;
    case 'processing':
      return <p>Being written right now.</p>;
    default:
      return null;
  }
}

function Waiting({ content }: { content: Content }) {
  const seconds = useCountdown(dueTime(content));
  return <p>{seconds > 0 ? `Writing begins in ${clock(seconds)}.` : 'Writing begins any moment now.'}</p>;
}
