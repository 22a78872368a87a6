import type { Content } from '../../api/types';
import { ChevronRightIcon } from '../icons';

/** What was asked for, folded away: it can have ten thousand characters. */
export function RequestDetails({ content }: { content: Content }) {
  return (
    <details className="group mt-10 border-t border-line pt-5">
      <summary className="inline-flex list-none items-center gap-1.5 rounded-lg font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronRightIcon className="size-4 text-muted transition-transform group-open:rotate-90" />
        <span>The request</span>
      </summary>
      <p dir="auto" className="mt-3 max-w-[75ch] text-sm leading-relaxed break-words whitespace-pre-wrap text-muted">{content.prompt}</p>
    </details>
  );
}
