/**
 * The latest state of each generation from socket events. An event can arrive before a response: the worker may
 * start while the response to a request or a list is still in transit, and that response says that the text is waiting.
 */

import { isFinal } from './generationStatus';
import type { Content } from './types';

const MOST_REMEMBERED = 500;

interface News {
  jobId: string;
  /** Milliseconds since 1970 by the server's clock, as in `updatedAt`. */
  at: number;
  /** The fields that the event changes while the generation is running. */
  progress: Partial<Content> | 'ended';
}

const newsOf = new Map<string, News>();

/** Records an event of a content's generation. */
export function rememberNews(contentId: string, news: News): void {
  newsOf.delete(contentId);
  newsOf.set(contentId, news);
  const oldest = newsOf.keys().next();
  if (newsOf.size > MOST_REMEMBERED && !oldest.done) newsOf.delete(oldest.value);
}

/** Forgets all events. Call it when another person may log in. */
export function forgetNews(): void {
  newsOf.clear();
}

/** Returns the content with the latest event applied, if that is newer and the generation is unfinished. */
export function withNews(content: Content): Content {
  const news = newerNews(content);
  return news && news.progress !== 'ended' ? { ...content, ...news.progress } : content;
}

/** Whether the generation has ended since the server sent this content, so that its outcome is missing. */
export function hasEndedSince(content: Content): boolean {
  return newerNews(content)?.progress === 'ended';
}

function newerNews({ id, jobId, generationStatus, updatedAt }: Content): News | null {
  const news = newsOf.get(id);
  if (news?.jobId !== jobId || isFinal(generationStatus)) return null;
  return news.at >= Date.parse(updatedAt) ? news : null;
}
