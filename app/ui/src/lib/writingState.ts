import type { Content, GenerationStatus } from '../api/types';

/**
 * The displayed state of a content's generation; null if it has none. A text that was written by
 * hand after a failure is an ordinary text, and a finished one that was emptied is no longer ready.
 */
export type WritingState = GenerationStatus | 'empty' | null;

export function writingStateOf({ generationStatus, generatedText }: Pick<Content, 'generationStatus' | 'generatedText'>): WritingState {
  const hasText = generatedText.trim() !== '';
  switch (generationStatus) {
    case 'failed':
    case 'cancelled':
      return hasText ? 'completed' : generationStatus;
    case 'completed':
      return hasText ? 'completed' : 'empty';
    default:
      return generationStatus;
  }
}
