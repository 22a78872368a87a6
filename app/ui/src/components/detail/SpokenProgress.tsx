import { useState } from 'react';

import type { GenerationPhase } from '../../hooks/useGenerationPhase';
import { isCountedDown, timeOfDay } from '../../lib/age';
import { countWords, wordsText } from '../../lib/words';
import { Spoken } from '../Spoken';

const EVERY_WORDS = 100;

/** Announces the phases, every hundred words and the end to screen readers, but never the text itself or later edits. */
export function SpokenProgress({ phase, text }: { phase: GenerationPhase; text: string }) {
  const [before, setBefore] = useState(phase.name);
  const [ready, setReady] = useState('');
  if (phase.name !== before) {
    setBefore(phase.name);
    setReady(phase.name === 'done' ? `The text is ready: ${wordsText(countWords(text))}.` : '');
  }
  const hundreds = phase.name === 'writing' ? Math.floor(countWords(text) / EVERY_WORDS) : 0;
  return <Spoken>{phase.name === 'done' ? ready : spoken(phase, hundreds)}</Spoken>;
}

function spoken(phase: Exclude<GenerationPhase, { name: 'done' }>, hundreds: number): string {
  switch (phase.name) {
    case 'waiting':
      if (phase.isHeld) return 'Its batch is paused.';
      return isCountedDown(phase.seconds) ? 'In line: writing begins in a moment.' : `Writing begins: ${timeOfDay(phase.due)}.`;
    case 'writing':
      if (hundreds > 0) return `${hundreds * EVERY_WORDS} words.`;
      return phase.attempt > 1 ? `Your text is being written again: attempt ${phase.attempt}.` : 'Your text is being written.';
    case 'retrying':
      return `That attempt was not good enough. Attempt ${phase.attempt} follows${isCountedDown(phase.seconds) ? '' : `: ${timeOfDay(phase.due)}`}.`;
    case 'failed':
      return 'The text could not be written.';
    case 'stopped':
      return 'Stopped.';
  }
}
