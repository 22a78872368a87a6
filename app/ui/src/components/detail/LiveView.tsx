import { useEffect } from 'react';

import { isFinal } from '../../api/generationStatus';
import type { Content } from '../../api/types';
import { useFollow } from '../../contexts/live';
import { useFollowScroll } from '../../hooks/useFollowScroll';
import { useGenerationPhase, type GenerationPhase } from '../../hooks/useGenerationPhase';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useJobStatus } from '../../hooks/useJobStatus';
import { clock, isCountedDown, timeOfDay } from '../../lib/age';
import { retryWords } from '../../lib/failureWords';
import { countWords, wordsText } from '../../lib/words';
import { useLiveText, type LiveText as Live } from '../../realtime/liveTexts';
import { Button } from '../Button';
import { lazyPart } from '../lazyPart';
import { PartsBoundary } from '../PartsBoundary';
import { SpokenProgress } from './SpokenProgress';
import { TextSkeleton } from './TextSkeleton';

const FailurePanel = lazyPart(() => import('./FailurePanel'));
const StoppedPanel = lazyPart(() => import('./StoppedPanel'));
const LiveWords = lazyPart(() => import('./LiveWords'));
const FoldedText = lazyPart(() => import('./FoldedText'));

export interface LiveViewProps {
  content: Content;
  actions: GenerationActions;
  /** Opens the request form. */
  onEditRequest: () => void;
  /** Opens the editor for the empty text. */
  onWriteByHand: () => void;
  /** The user is writing the text by hand, so the failure is not shown. */
  isByHand?: boolean;
}

/** A generation that is waiting, running, stopped or failed, with its actions. */
export function LiveView({ content, actions, onEditRequest, onWriteByHand, isByHand = false }: LiveViewProps) {
  useJobStatus(content);
  const live = useFollowed(content);
  const phase = useGenerationPhase(content);
  const isUnderWay = phase.name === 'waiting' || phase.name === 'writing' || phase.name === 'retrying';
  useEffect(() => {
    // Loaded in advance, so that the next state can be shown even offline.
    if (!isUnderWay) return;
    FailurePanel.preload();
    StoppedPanel.preload();
  }, [isUnderWay]);
  const { end, isFollowing, follow } = useFollowScroll(phase.name === 'writing', live?.text);

  return (
    <>
      <SpokenProgress phase={phase} text={phase.name === 'done' ? content.generatedText : (live?.text ?? '')} />
      <PartsBoundary fallback={null}>
        {phase.name === 'failed' && !isByHand && (
          <FailurePanel content={content} actions={actions} onEditRequest={onEditRequest} onWriteByHand={onWriteByHand} />
        )}
        {phase.name === 'stopped' && !isByHand && <StoppedPanel content={content} live={live} actions={actions} onEditRequest={onEditRequest} onWriteByHand={onWriteByHand} />}
      </PartsBoundary>
      {isUnderWay && (
        <section aria-label="Progress" className="mt-5">
          <StatusLine phase={phase} live={live} ahead={content.position ?? 0} actions={actions} onEditRequest={onEditRequest} />
          <PartsBoundary fallback={<TextSkeleton />}>
            <LiveWords content={content} live={live} phase={phase} />
          </PartsBoundary>
          <div ref={end} />
          {phase.name === 'writing' && !isFollowing && (
            <div className="pointer-events-none sticky bottom-24 z-20 mt-4 flex justify-center">
              <Button look="primary" className="pointer-events-auto shadow-lg" onClick={follow}>
                Go to the end
              </Button>
            </div>
          )}
          <PartsBoundary fallback={null}>
            {content.generatedText.trim() !== '' && <FoldedText title="The text until now" text={content.generatedText} of={content.title} />}
          </PartsBoundary>
        </section>
      )}
    </>
  );
}

/** The text so far. The page scrolls with it while it is unfinished. */
function useFollowed({ id, jobId, generationStatus }: Content): Live | null {
  const follow = useFollow();
  const live = useLiveText(id);
  const isUnfinished = jobId !== null && !isFinal(generationStatus);
  useEffect(() => (isUnfinished ? follow(id) : undefined), [follow, id, jobId, isUnfinished]);
  return live?.jobId === jobId ? live : null;
}

export type UnderWay = Extract<GenerationPhase, { name: 'waiting' | 'writing' | 'retrying' }>;

interface StatusLineProps {
  /** How many of the user's own texts are ahead. */
  ahead: number;
  phase: UnderWay;
  live: Live | null;
  actions: GenerationActions;
  onEditRequest: () => void;
}

/** The state of the generation, always visible, with buttons to start or cancel it. */
function StatusLine({ phase, live, ahead, actions, onEditRequest }: StatusLineProps) {
  const isWaiting = phase.name === 'waiting';
  return (
    <div className="sticky top-0 z-10 -mx-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-paper px-4 py-3 sm:mx-0 sm:rounded-xl sm:border">
      <p className="flex min-w-0 flex-1 basis-56 items-baseline gap-2.5 font-semibold">
        <span aria-hidden="true" className={`pulse-dot size-2! self-center ${isWaiting ? 'text-waiting' : 'text-writing'}`} />
        <span>{statusWords(phase, live, ahead)}</span>
        {phase.name !== 'writing' && phase.seconds > 0 && isCountedDown(phase.seconds) && (
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
      if (phase.isHeld) return 'Its batch is paused.';
      if (!isCountedDown(phase.seconds)) return `Writing begins: ${timeOfDay(phase.due)}.`;
      return phase.seconds > 0 ? `${inLine} Writing begins in` : `${inLine} Writing begins any moment now.`;
    case 'retrying':
      return `${retryWords(phase.reason, phase.attempt, phase.maxAttempts)} Next attempt${isCountedDown(phase.seconds) ? ' in' : `: ${timeOfDay(phase.due)}.`}`;
    case 'writing':
      return live && live.text !== '' ? `Writing… ${wordsText(countWords(live.text))}` : 'Writing…';
  }
}
