import type { ReactElement } from 'react';

import type { Content } from '../../api/types';
import { useGenerationPhase, type GenerationPhase } from '../../hooks/useGenerationPhase';
import { useJobStatus } from '../../hooks/useJobStatus';
import { clock } from '../../lib/age';
import { CheckIcon } from '../icons';
import { FailurePanel } from './FailurePanel';

const STEPS = ['Waiting', 'Writing', 'Ready'];

/** The life of a generation until its text is there, told in words and numbers. */
export function GenerationLife({ content }: { content: Content }) {
  useJobStatus(content);
  const phase = useGenerationPhase(content);
  return (
    <>
      <p role="status" className="sr-only">
        {spoken(phase)}
      </p>
      {phase.name === 'failed' && <FailurePanel content={content} reason={phase.reason} />}
      {(phase.name === 'waiting' || phase.name === 'writing' || phase.name === 'retrying') && (
        <section aria-label="Progress" className="card mt-8 px-5 py-6 sm:px-8 sm:py-8">
          <Steps current={phase.name === 'waiting' ? 0 : 1} />
          <div className="mt-7 flex min-h-44 flex-col items-center justify-center text-center">
            <Now phase={phase} />
          </div>
        </section>
      )}
    </>
  );
}

function Steps({ current }: { current: number }) {
  return (
    <ol className="mx-auto flex max-w-md items-center justify-between gap-2 text-sm sm:gap-3">
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? 'step' : undefined}
          className={`flex items-center gap-1.5 sm:gap-3 ${index > 0 ? 'sm:flex-1 sm:before:h-px sm:before:flex-1 sm:before:bg-line' : ''} ${index === current ? 'font-semibold' : 'text-muted'}`}
        >
          <span
            aria-hidden="true"
            className={`grid size-6 place-items-center rounded-full text-xs ${
              index < current ? 'bg-accent text-on-accent' : index === current ? 'border-2 border-accent text-accent' : 'border border-edge'
            }`}
          >
            {index < current ? <CheckIcon className="size-4" /> : index + 1}
          </span>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  );
}

function Now({ phase }: { phase: Extract<GenerationPhase, { name: 'waiting' | 'writing' | 'retrying' }> }) {
  switch (phase.name) {
    case 'waiting':
      return phase.seconds > 0 ? (
        <>
          <p className="text-muted">Writing begins in</p>
          <Clock seconds={phase.seconds} />
          <Bar share={phase.share} />
        </>
      ) : (
        <Doing title="Writing begins any moment now">
          <p>You can leave this page.</p>
        </Doing>
      );
    case 'retrying':
      return (
        <>
          <p className="text-muted">{`${attemptText(phase)} begins in`}</p>
          <Clock seconds={phase.seconds} />
          <Failed attempt={phase.attempt - 1} reason={phase.reason} />
        </>
      );
    case 'writing':
      return (
        <Doing title="Your text is being written">
          <p>{phase.attempt > 1 ? `${attemptText(phase)}.` : 'This usually takes a few seconds. You can leave this page.'}</p>
          {phase.attempt > 1 && <Failed attempt={phase.attempt - 1} reason={phase.reason} />}
        </Doing>
      );
  }
}

function Clock({ seconds }: { seconds: number }) {
  return (
    <p role="timer" className="my-2 font-serif text-6xl font-semibold tracking-tight tabular-nums">
      {clock(seconds)}
    </p>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <div aria-hidden="true" className="mt-3 h-1.5 w-full max-w-xs overflow-hidden rounded-full bg-sunken">
      <div
        className="h-full origin-left rounded-full bg-accent transition-transform duration-1000 ease-linear"
        style={{ transform: `scaleX(${share})` }}
      />
    </div>
  );
}

/** Lines that are being written. */
function Doing({ title, children }: { title: string; children: ReactElement | (ReactElement | false)[] }) {
  return (
    <>
      <div aria-hidden="true" className="mb-6 w-full max-w-56 space-y-2.5">
        {['w-full', 'w-11/12', 'w-7/12'].map((width, index) => (
          <div key={width} className={`skeleton h-2 rounded-full bg-edge/50 ${width}`} style={{ animationDelay: `${index * 0.25}s` }} />
        ))}
      </div>
      <p className="font-serif text-xl font-semibold">{title}</p>
      <div className="mt-1 text-sm text-muted">{children}</div>
    </>
  );
}

/** What became of the attempt before, in the words of the server where it gave a reason. */
function Failed({ attempt, reason }: { attempt: number; reason: string | null }) {
  return (
    <div className="mt-2 max-w-md text-sm text-muted">
      <p>{`Attempt ${attempt} failed. Retrying.`}</p>
      {reason && <p className="break-words">{reason}</p>}
    </div>
  );
}

function attemptText({ attempt, maxAttempts }: { attempt: number; maxAttempts: number | null }): string {
  return maxAttempts ? `Attempt ${attempt} of ${maxAttempts}` : `Attempt ${attempt}`;
}

/** Said once per change of phase, without the seconds that tick away. */
function spoken(phase: GenerationPhase): string {
  switch (phase.name) {
    case 'waiting':
      return 'Waiting: writing begins in a moment.';
    case 'writing':
      return phase.attempt > 1 ? `Your text is being written. ${attemptText(phase)}.` : 'Your text is being written.';
    case 'retrying':
      return `${attemptText(phase)} follows. ${phase.reason ?? ''}`.trim();
    case 'failed':
      return 'The text could not be written.';
    case 'done':
      return 'The text is ready.';
  }
}
