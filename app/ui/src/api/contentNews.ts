/**
 * How far each generation has come according to the events of the socket. An event can overtake an answer: the worker
 * starts while the answer to "write it" or a list is still on its way, and that answer says that the text is waiting.
 */

import { isFinal } from './generationStatus';
import type { Content } from './types';

const MOST_REMEMBERED = 500;

interface News {
  jobId: string;
  /** Milliseconds since 1970 by the server's clock, as in `updatedAt`. */
  at: number;
  /** What the event changes while the generation is under way. */
  progress: Partial<Content> | 'ended';
}

const newsOf = new Map<string, News>();

/** Remembers an event of a content's generation. */
export function rememberNews(contentId: string, news: News): void {
  newsOf.delete(contentId);
  newsOf.set(contentId, news);
  const oldest = newsOf.keys().next();
  if (newsOf.size > MOST_REMEMBERED && !oldest.done) newsOf.delete(oldest.value);
}

/** A content that the server sent, brought up to the latest event if that is newer and its generation is still under way. */
export function withNews(content: Content): Content {
  const news = newerNews(content);
  return news && news.progress !== 'ended' ? { ...content, ...news.progress } : content;
}

/** Whether the generation has ended since the server sent this content, which therefore lacks the outcome. */
export function hasEndedSince(content: Content): boolean {
  return newerNews(content)?.progress === 'ended';
}

function newerNews({ id, jobId, generationStatus, updatedAt }: Content): News | null {
  const news = newsOf.get(id);
  if (news?.jobId !== jobId || isFinal(generationStatus)) return null;
  return news.at >= Date.parse(updatedAt) ? news : null;
}
