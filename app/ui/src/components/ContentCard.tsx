import { Link } from 'react-router';

import type { Content } from '../api/types';
import { useCountdown } from '../hooks/useCountdown';
import { ageOf, clock, exactTime } from '../lib/age';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { excerptOf } from '../lib/excerpt';
import { dueTime } from '../lib/generationTime';
import { GenerationBadge, StatusBadge } from './StatusBadge';

/** One piece in the list. The whole card leads to it; the link is its title. */
export function ContentCard({ content, now }: { content: Content; now: number }) {
  const { label, Icon } = CONTENT_TYPE_TEXT[content.contentType];
  return (
    <article className="card group relative flex gap-4 p-4 transition-colors hover:border-edge has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-offset-2 has-[a:focus-visible]:outline-accent sm:p-5">
      <span className="hidden size-11 shrink-0 place-items-center rounded-xl bg-sunken text-muted sm:grid">
        <Icon className="size-5.5" />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="line-clamp-2 font-serif text-lg leading-snug font-semibold break-words">
          <Link
            to={`/contents/${content.id}`}
            className="outline-none group-hover:text-accent after:absolute after:inset-0 after:rounded-2xl"
          >
            {content.title}
          </Link>
        </h2>
        <p className="mt-1 line-clamp-2 min-h-10 text-sm break-words text-muted">
          <FirstWords content={content} />
        </p>
        <div className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1.5">
          <GenerationBadge status={content.generationStatus} />
          <StatusBadge status={content.status} />
          <span className="text-xs text-muted">
            {label} ·{' '}
            <time dateTime={content.createdAt} title={exactTime(content.createdAt)}>
              {ageOf(content.createdAt, now)}
            </time>
          </span>
        </div>
      </div>
    </article>
  );
}

function FirstWords({ content }: { content: Content }) {
  if (content.generatedText !== '') return excerptOf(content.generatedText);
  const request = excerptOf(content.prompt);
  switch (content.generationStatus) {
    case 'failed':
      return `${content.failureReason ?? 'The text could not be written'}. ${request}`;
    case 'pending':
      return (
        <>
          <Waiting content={content} /> {request}
        </>
      );
    case 'processing':
      return `Being written right now. ${request}`;
    default:
      return request;
  }
}

function Waiting({ content }: { content: Content }) {
  const seconds = useCountdown(dueTime(content));
  return seconds > 0 ? `Writing begins in ${clock(seconds)}.` : 'Writing begins any moment now.';
}
