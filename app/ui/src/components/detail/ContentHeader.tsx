import type { Content } from '../../api/types';
import { exactTime } from '../../lib/age';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { writingStateOf } from '../../lib/writingState';
import { GenerationBadge, StatusBadge } from '../StatusBadge';

interface ContentHeaderProps {
  content: Content;
  note: string | null;
}

/** What the piece is: under its title, above what can be done with it. */
export function ContentHeader({ content, note }: ContentHeaderProps) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-2.5 gap-y-2 text-sm text-muted">
      <GenerationBadge state={writingStateOf(content)} />
      <StatusBadge status={content.status} />
      <span>{CONTENT_TYPE_TEXT[content.contentType].label}</span>
      <span aria-hidden="true">·</span>
      <time dateTime={content.createdAt}>{exactTime(content.createdAt)}</time>
      {note !== null && (
        <>
          <span aria-hidden="true">·</span>
          <span>{note}</span>
        </>
      )}
    </div>
  );
}
