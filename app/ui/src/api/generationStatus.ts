import type { GenerationStatus } from './types';

const FINAL: ReadonlySet<GenerationStatus | null> = new Set([null, 'completed', 'failed', 'cancelled']);

/** Whether this status is final. */
export function isFinal(status: GenerationStatus | null): boolean {
  return FINAL.has(status);
}
