/** When a generation is due, and how often to ask about it. All times in milliseconds. */

import type { Content } from '../api/types';
import { serverNow } from './serverClock';

const USUAL_DELAY_MS = 60_000;
const POLL_WITHOUT_SOCKET_MS = 3_000;
const POLL_WHEN_OVERDUE_MS = 15_000;
const OVERDUE_AFTER_MS = 5_000;

/** When the content's next attempt is due, by the server's clock. */
export function dueTime(content: Pick<Content, 'dueAt' | 'createdAt'>): number {
  const due = Date.parse(content.dueAt ?? '');
  return Number.isNaN(due) ? Date.parse(content.createdAt) + USUAL_DELAY_MS : due;
}

/** Whether the content waits until its paused batch is resumed. */
export function isHeld({ generationStatus, dueAt }: Pick<Content, 'generationStatus' | 'dueAt'>): boolean {
  return generationStatus === 'pending' && dueAt === null;
}

/** The delay until the next poll of an unfinished generation. */
export function pollingInterval(isLive: boolean, due: number): number {
  if (!isLive) return POLL_WITHOUT_SOCKET_MS;
  return Math.max(POLL_WHEN_OVERDUE_MS, due + OVERDUE_AFTER_MS - serverNow());
}
