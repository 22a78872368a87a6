import type { Content } from '../../api/types';
import { useCountdown } from '../../hooks/useCountdown';
import { clock, isCountedDown, timeOfDay } from '../../lib/age';
import { excerptOf } from '../../lib/excerpt';
import { dueTime, isHeld } from '../../lib/generationTime';
import { writingStateOf } from '../../lib/writingState';
import { lazyPart } from '../lazyPart';
import { PartsBoundary } from '../PartsBoundary';

/** Shown until the reason has loaded, or if it cannot be loaded. */
const NO_REASON = <span>The text could not be written.</span>;
const FailureReason = lazyPart(() => import('./FailureReason'), () => NO_REASON);

/** The beginning of a text. If there is none yet, the state of its generation and the request. */
export function FirstWords({ content }: { content: Content }) {
  const words = content.generatedText === '' ? excerptOf(content.prompt) : excerptOf(content.generatedText, content.title);
  return (
    <div className="text-row-excerpt">
      <Progress content={content} />
      <p key={words} dir="auto" className="line-clamp-2 min-w-0 xl:line-clamp-none xl:flex-1 xl:truncate">
        {words}
      </p>
    </div>
  );
}

function Progress({ content }: { content: Content }) {
  switch (writingStateOf(content)) {
    case 'failed':
      return (
        <p className="font-medium text-danger xl:min-w-0 xl:truncate">
          <PartsBoundary fallback={NO_REASON}>
            <FailureReason content={content} />
          </PartsBoundary>
        </p>
      );
    case 'pending':
      return <Waiting content={content} />;
    case 'processing':
      return <p className="xl:shrink-0">Being written right now.</p>;
    default:
      return null;
  }
}

function Waiting({ content }: { content: Content }) {
  const due = dueTime(content);
  const seconds = useCountdown(due);
  const when = isCountedDown(seconds) ? ` in ${clock(seconds)}` : `: ${timeOfDay(due)}`;
  const words = `Writing begins${seconds > 0 ? when : ' any moment now'}.`;
  return <p className="xl:shrink-0">{isHeld(content) ? 'Its batch is paused.' : words}</p>;
}
