import type { Content } from '../api/types';
import { useRetryNote } from '../realtime/retryNotes';
import { dueTime, isHeld } from '../lib/generationTime';
import { writingStateOf } from '../lib/writingState';
import { useCountdown } from './useCountdown';

/** The phase of a generation, for display. Seconds count down to the next step, which is due at `due`; 0 means any moment now. */
export type GenerationPhase =
  | { name: 'waiting'; seconds: number; due: number; isHeld: boolean }
  | { name: 'writing'; attempt: number; maxAttempts: number | null; reason: string | null }
  | { name: 'retrying'; attempt: number; maxAttempts: number | null; reason: string | null; seconds: number; due: number }
  | { name: 'done' }
  | { name: 'stopped' }
  | { name: 'failed' };

export function useGenerationPhase(content: Content): GenerationPhase {
  const note = useRetryNote(content.id);
  const isWaiting = content.generationStatus === 'pending';
  // While it is being written, `dueAt` is in the future only between two attempts.
  const due = isWaiting ? dueTime(content) : Math.max(note?.retryAt ?? 0, Date.parse(content.dueAt ?? '') || 0);
  const seconds = useCountdown(due);

  switch (writingStateOf(content)) {
    case 'pending':
      if (isHeld(content)) return { name: 'waiting', seconds: 0, due, isHeld: true };
      return { name: 'waiting', seconds, due, isHeld: false };
    case 'processing': {
      const begun = Math.max(1, content.attempt ?? 1);
      const maxAttempts = note?.maxAttempts ?? content.maxAttempts ?? null;
      const reason = note?.reason ?? content.retryReason ?? null;
      if (seconds === 0) return { name: 'writing', attempt: Math.max(begun, note?.attempt ?? 1), maxAttempts, reason };
      return { name: 'retrying', attempt: note?.attempt ?? begun + 1, maxAttempts, reason, seconds, due };
    }
    case 'failed':
      return { name: 'failed' };
    case 'cancelled':
      return { name: 'stopped' };
    default:
      return { name: 'done' };
  }
}
