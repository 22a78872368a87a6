import type { Content } from '../../api/types';
import { retryWords } from '../../lib/failureWords';
import type { LiveText as Live } from '../../realtime/liveTexts';
import FoldedText from './FoldedText';
import { LiveText } from './LiveText';
import type { UnderWay } from './LiveView';
import { TextSkeleton } from './TextSkeleton';

/** The live text; a skeleton until the first word arrives. */
export default function LiveWords({ content, live, phase }: { content: Content; live: Live | null; phase: UnderWay }) {
  const isRetried = phase.name !== 'waiting' && phase.attempt > 1;
  const isOfThisAttempt = phase.name === 'writing' && live !== null && live.attempt >= phase.attempt;
  const refused = isOfThisAttempt ? (live.refused?.text ?? '') : isRetried ? (live?.text ?? '') : '';
  const text = isOfThisAttempt ? live.text : '';
  return (
    <>
      {phase.name === 'writing' && isRetried && (
        <p className="mt-4 text-sm text-muted">{retryWords(phase.reason, phase.attempt, phase.maxAttempts)}</p>
      )}
      {refused !== '' && <FoldedText title="The text that was not good enough" text={refused} of={content.title} />}
      <div aria-label="The text so far" role="region" dir="auto" className="mt-6">
        {text === '' ? <TextSkeleton /> : <LiveText text={text} title={content.title} isGrowing />}
      </div>
    </>
  );
}
