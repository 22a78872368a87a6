/**
 * The latest state of each generation from socket events. An event can arrive before a response: the worker may
 * start while the response to a request or a list is still in transit, and that response says that the text is waiting.
 */

import { isFinal } from './generationStatus';
import type { Content } from './types';

const MOST_REMEMBERED = 500;

interface GenerationEvent {
  jobId: string;
  /** Milliseconds since 1970 by the server's clock, as in `updatedAt`. */
  at: number;
  /** The fields that the event changes while the generation is running. */
  progress: Partial<Content> | 'ended';
}

const latestEventOf = new Map<string, GenerationEvent>();

/** Records an event of a content's generation. */
export function recordGenerationEvent(contentId: string, event: GenerationEvent): void {
  latestEventOf.delete(contentId);
  latestEventOf.set(contentId, event);
  const oldest = latestEventOf.keys().next();
  if (latestEventOf.size > MOST_REMEMBERED && !oldest.done) latestEventOf.delete(oldest.value);
}

/** Forgets all events. Call it when another person may log in. */
export function forgetGenerationEvents(): void {
  latestEventOf.clear();
}

/** Returns the content with the latest event applied, if that is newer and the generation is unfinished. */
export function withLatestEvent(content: Content): Content {
  const event = newerEvent(content);
  return event && event.progress !== 'ended' ? { ...content, ...event.progress } : content;
}

/** Whether the generation has ended since the server sent this content, so that its outcome is missing. */
export function hasEndedSince(content: Content): boolean {
  return newerEvent(content)?.progress === 'ended';
}

function newerEvent({ id, jobId, generationStatus, updatedAt }: Content): GenerationEvent | null {
  const event = latestEventOf.get(id);
  if (event?.jobId !== jobId || isFinal(generationStatus)) return null;
  return event.at >= Date.parse(updatedAt) ? event : null;
}
