import { useEffect, type ReactElement } from 'react';

import { isFinal } from '../../api/contentCache';
import type { Content } from '../../api/types';
import { useFollow } from '../../contexts/live';
import { useFollowScroll } from '../../hooks/useFollowScroll';
import { useGenerationPhase, type GenerationPhase } from '../../hooks/useGenerationPhase';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useJobStatus } from '../../hooks/useJobStatus';
import { clock } from '../../lib/age';
import { retryWords } from '../../lib/failureWords';
import { countWords, wordsText } from '../../lib/words';
import { useLiveText, type LiveText as Live } from '../../realtime/liveTexts';
import { Button } from '../Button';
import { FailurePanel } from './FailurePanel';
import { FoldedText } from './FoldedText';
import { LiveText } from './LiveText';
import { SpokenProgress } from './SpokenProgress';
import { StoppedPanel } from './StoppedPanel';
import { TextSkeleton } from './TextSkeleton';

export interface LiveViewProps {
  content: Content;
  actions: GenerationActions;
  /** Opens the request, to be changed before the text is written again. */
  onEditRequest: () => void;
  /** Opens the editor on the empty text. */
  onWriteByHand: () => void;
}

/** A text on its way: in line, being written, stopped or failed, with what can be done about it. */
export function LiveView({ content, actions, onEditRequest, onWriteByHand }: LiveViewProps) {
  useJobStatus(content);
  const live = useFollowed(content);
  const phase = useGenerationPhase(content);
  const isUnderWay = phase.name === 'waiting' || phase.name === 'writing' || phase.name === 'retrying';
  const { end, isFollowing, follow } = useFollowScroll(phase.name === 'writing', live?.text);

  return (
    <>
      <SpokenProgress phase={phase} text={phase.name === 'done' ? content.generatedText : (live?.text ?? '')} />
      {phase.name === 'failed' && (
        <FailurePanel content={content} actions={actions} onEditRequest={onEditRequest} onWriteByHand={onWriteByHand} />
      )}
      {phase.name === 'stopped' && <StoppedPanel content={content} live={live} actions={actions} onEditRequest={onEditRequest} onWriteByHand={onWriteByHand} />}
      {isUnderWay && (
        <section aria-label="Progress" className="mt-5">
          <StatusLine phase={phase} live={live} ahead={content.position ?? 0} actions={actions} onEditRequest={onEditRequest} />
          <Words content={content} live={live} phase={phase} />
          <div ref={end} />
          {phase.name === 'writing' && !isFollowing && (
            <div className="pointer-events-none sticky bottom-24 z-20 mt-4 flex justify-center">
              <Button look="primary" className="pointer-events-auto shadow-lg" onClick={follow}>
                Go to the end
              </Button>
            </div>
          )}
          {content.generatedText.trim() !== '' && <FoldedText title="The text until now" text={content.generatedText} of={content.title} />}
        </section>
      )}
    </>
  );
}

/** The text so far, followed while it is unfinished. */
function useFollowed({ id, jobId, generationStatus }: Content): Live | null {
  const follow = useFollow();
  const live = useLiveText(id);
  const isUnfinished = jobId !== null && !isFinal(generationStatus);
  useEffect(() => (isUnfinished ? follow(id) : undefined), [follow, id, jobId, isUnfinished]);
  return live?.jobId === jobId ? live : null;
}

type UnderWay = Extract<GenerationPhase, { name: 'waiting' | 'writing' | 'retrying' }>;

interface StatusLineProps {
  /** How many of the person's own texts come first. */
  ahead: number;
  phase: UnderWay;
  live: Live | null;
  actions: GenerationActions;
  onEditRequest: () => void;
}

/** Where it is, in a line that stays in sight, and the ways to hurry or end it. */
function StatusLine({ phase, live, ahead, actions, onEditRequest }: StatusLineProps) {
  const isWaiting = phase.name === 'waiting';
  return (
    <div className="sticky top-0 z-10 -mx-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-paper px-4 py-3 sm:mx-0 sm:rounded-xl sm:border">
      <p className="flex min-w-0 flex-1 basis-56 items-baseline gap-2.5 font-semibold">
        <span aria-hidden="true" className={`pulse-dot size-2! self-center ${isWaiting ? 'text-waiting' : 'text-writing'}`} />
        <span>{statusWords(phase, live, ahead)}</span>
        {phase.name !== 'writing' && phase.seconds > 0 && (
          <span role="timer" className="tabular-nums">
            {clock(phase.seconds)}
          </span>
        )}
      </p>
      <div role="group" aria-label="Actions" className="flex flex-wrap gap-2.5">
        {isWaiting && (
          <Button look="primary" busy={actions.busy === 'write-now'} onClick={actions.writeNow}>
            Write now
          </Button>
        )}
        {isWaiting && <Button onClick={onEditRequest}>Edit request</Button>}
        <Button busy={actions.busy === 'stop'} onClick={actions.stop}>
          {isWaiting ? 'Cancel' : 'Stop'}
        </Button>
      </div>
    </div>
  );
}

function statusWords(phase: UnderWay, live: Live | null, ahead: number): string {
  const inLine = ahead > 0 ? `In line: ${ahead} ahead of you.` : 'In line.';
  switch (phase.name) {
    case 'waiting':
      return phase.seconds > 0 ? `${inLine} Writing begins in` : `${inLine} Writing begins any moment now.`;
    case 'retrying':
      return `${retryWords(phase.reason, phase.attempt, phase.maxAttempts)} Next attempt in`;
    case 'writing':
      return live && live.text !== '' ? `Writing… ${wordsText(countWords(live.text))}` : 'Writing…';
  }
}

/** The words as they come; bars only before the first. */
function Words({ content, live, phase }: { content: Content; live: Live | null; phase: UnderWay }): ReactElement {
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
