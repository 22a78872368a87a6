import type { Content, GenerationStatus } from '../api/types';

/**
 * Where the writing of a content is, as people see it; null for one that no generation belongs to. A text that somebody wrote by
 * hand after a failure is a text like any other, and a finished one that was emptied is no longer ready.
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
