/** Finds the sentences that contain a place of a text. */

import type { Block } from './blocks';
import { trimmed, type Passage } from './passages';

/** Returns the range of all sentences that overlap the place, within one block. */
export function sentenceAround(text: string, blocks: readonly Block[], place: Passage): Passage {
  const block = blocks.find(({ from, to }) => place.from < to && place.to > from);
  if (!block) return { ...place };
  const inside = { from: Math.max(place.from, block.from), to: Math.min(place.to, block.to) };
  const whole = block.kind === 'other' || block.kind === 'heading' ? block : sentencesAround(text, block, inside);
  return trimmed(text, whole) ?? inside;
}

function sentencesAround(text: string, block: Passage, place: Passage): Passage {
  if (!('Segmenter' in Intl)) return block;
  let [from, to] = [place.from, place.to];
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text.slice(block.from, block.to))) {
    const [start, end] = [block.from + index, block.from + index + segment.length];
    if (start <= place.from && end > place.from) from = start;
    if (start < place.to && end >= place.to) to = end;
  }
  return { from, to };
}
