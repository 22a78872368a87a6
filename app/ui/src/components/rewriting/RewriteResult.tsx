import { useEffect, useMemo, useRef } from 'react';

import type { Proposal } from '../../lib/proposals';
import { changesBetween } from '../../lib/textDiff';
import { Button } from '../Button';
import { DiffText } from '../detail/DiffText';
import { Spinner } from '../Loader';

interface RewriteResultProps {
  proposal: Proposal;
  /** Moves the focus to the buttons when there is a result, if the focus is here. */
  takesFocus?: boolean;
  onAccept: () => void;
  onAgain: () => void;
  onDiscard: () => void;
}

/** A rewrite: its progress, then the diff with Accept, Try again and Discard. */
export function RewriteResult({ proposal, takesFocus = false, onAccept, onAgain, onDiscard }: RewriteResultProps) {
  const { purpose, quote, replacement, state, note, passage } = proposal;
  const box = useRef<HTMLElement>(null);
  const isReady = state === 'ready' || state === 'accepting';
  const isSame = replacement === quote;
  const canAccept = isReady && passage !== null && !isSame;

  useEffect(() => {
    if (!takesFocus || !box.current?.contains(document.activeElement)) return;
    (box.current.querySelector<HTMLElement>('[data-first]') ?? box.current).focus();
  }, [takesFocus, state]);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);

  return (
    <section ref={box} tabIndex={-1} aria-label={`Suggestion: ${purpose}`} className="min-w-0">
      <h3 className="text-sm font-semibold">{purpose}</h3>
      <p className={`mt-1 flex items-center gap-2 text-sm break-words ${state === 'failed' ? 'text-danger' : 'text-muted'}`}>
        {isReady || state === 'failed' ? null : <Spinner className="size-4" />}
        <span className="min-w-0">{wordsOf(proposal)}</span>
      </p>
      {/* It scrolls by itself, also with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div dir="auto" className="mt-2 max-h-64 overflow-y-auto rounded-lg bg-paper p-3" role="region" aria-label="What would change" tabIndex={0}>
        {isReady && replacement !== null && !isSame ? <Difference from={quote} to={replacement} /> : <p className="line-clamp-3 text-sm whitespace-pre-wrap text-muted">{quote}</p>}
      </div>
      {note !== null && state !== 'failed' && <p className="mt-2 text-sm text-waiting">{note}</p>}
      <div role="group" aria-label="Actions" className="mt-3 flex flex-wrap gap-2">
        {canAccept && (
          <Button look="primary" busy={state === 'accepting'} data-first onClick={onAccept}>
            Accept
          </Button>
        )}
        {(isReady || state === 'failed') && passage !== null && (
          <Button busy={state === 'accepting'} data-first={canAccept ? undefined : true} onClick={onAgain}>
            Try again
          </Button>
        )}
        <Button onClick={onDiscard}>{isReady || state === 'failed' ? 'Discard' : 'Cancel'}</Button>
      </div>
    </section>
  );
}

function wordsOf({ state, note, replacement, quote, passage }: Proposal): string {
  switch (state) {
    case 'queued':
      return 'In line…';
    case 'asking':
    case 'writing':
      return 'Rewriting…';
    case 'accepting':
      return 'Putting it into the text…';
    case 'failed':
      return note ?? 'The passage could not be rewritten.';
    case 'ready':
      if (replacement === quote) return 'Nothing to change here.';
      return passage === null ? 'You have changed this passage since. The suggestion was:' : 'What would change:';
  }
}

function Difference({ from, to }: { from: string; to: string }) {
  const changes = useMemo(() => changesBetween(from, to), [from, to]);
  return changes ? <DiffText changes={changes} /> : <p className="text-sm whitespace-pre-wrap">{to}</p>;
}
