import type { Content } from '../api/types';
import { writingStateOf } from './writingState';

/** The status of a text: being written, needs attention, final, or draft. */
export type TextStatus = 'draft' | 'writing' | 'attention' | 'final';

export const TEXT_STATUS_WORDS: Record<TextStatus, string> = {
  draft: 'Draft',
  writing: 'Writing',
  attention: 'Needs attention',
  final: 'Final',
};

export function textStatusOf(content: Pick<Content, 'generationStatus' | 'generatedText' | 'status'>): TextStatus {
  switch (writingStateOf(content)) {
    case 'pending':
    case 'processing':
      return 'writing';
    case 'failed':
    case 'cancelled':
    case 'empty':
      return 'attention';
    default:
      return content.status === 'published' ? 'final' : 'draft';
  }
}
