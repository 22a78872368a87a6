import type { GenerationStatus } from './types';

const FINAL: ReadonlySet<GenerationStatus | null> = new Set([null, 'completed', 'failed', 'cancelled']);

/** Whether nothing will happen to this generation any more. */
export function isFinal(status: GenerationStatus | null): boolean {
  return FINAL.has(status);
}
