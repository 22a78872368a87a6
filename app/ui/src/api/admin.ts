/** Requests of operators; the server rejects all others with 403. */

import { request } from './client';
import type { UsageSum } from './usage';

export interface Pages {
  total: number;
  page: number;
  totalPages: number;
  limit: number;
}

/** A user's individual limits: 0 for no limit, null for the default from the settings. */
export interface OwnLimits {
  dailyGenerations: number | null;
  monthlyTokens: number | null;
  storedBytes: number | null;
}

export interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  role: 'admin' | 'user';
  createdAt: string;
  disabledAt: string | null;
  limits: OwnLimits;
}

export interface PersonChange {
  disabled?: boolean;
  limits?: Partial<OwnLimits>;
}

/** A generation without its title, prompt and text. */
export interface Run {
  contentId: string;
  userId: string;
  email: string | null;
  contentType: string;
  status: string;
  attempt: number | null;
  maxAttempts: number | null;
  dueAt: string | null;
  finishedAt: string | null;
  failureReason: string | null;
}

export interface QueueState {
  waiting: number;
  running: number;
  overdue: number;
  failed: number;
  givenUp: number;
  workers: number | null;
}

export interface PersonUsage extends UsageSum {
  userId: string;
  email: string | null;
}

export interface ProviderTest {
  ok: boolean;
  model: string;
  keySet: boolean;
  demo: boolean;
  reason: string | null;
}

export interface Act {
  id: string;
  at: string;
  act: string;
  operator: string | null;
  subjectId: string | null;
}

export const RUN_STATES = ['failed', 'pending', 'processing'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const adminKeys = {
  all: ['admin'] as const,
  people: (words: string, page: number) => ['admin', 'people', words, page] as const,
  runs: (state: RunState, page: number) => ['admin', 'runs', state, page] as const,
  queue: ['admin', 'queue'] as const,
  usage: ['admin', 'usage'] as const,
  audit: (page: number) => ['admin', 'audit', page] as const,
};

export function listPeople(q: string, page: number, signal?: AbortSignal) {
  return request<{ users: Person[]; pagination: Pages }>({ path: '/admin/users', query: { q, page, limit: 25 }, signal });
}

export function changePerson(id: string, changes: PersonChange): Promise<Person> {
  return request<Person>({ method: 'PATCH', path: `/admin/users/${encodeURIComponent(id)}`, body: changes });
}

export function listRuns(status: RunState, page: number, signal?: AbortSignal) {
  return request<{ generations: Run[]; pagination: Pages }>({ path: '/admin/generations', query: { status, page, limit: 25 }, signal });
}

export function requeueRun(contentId: string): Promise<Run> {
  return request<Run>({ method: 'POST', path: `/admin/generations/${encodeURIComponent(contentId)}/requeue` });
}

export function getQueue(signal?: AbortSignal): Promise<QueueState> {
  return request<QueueState>({ path: '/admin/queue', signal });
}

export function getPeoplesUsage(signal?: AbortSignal) {
  return request<{ totals: UsageSum; rows: PersonUsage[] }>({ path: '/admin/usage', signal });
}

export function testProvider(): Promise<ProviderTest> {
  return request<ProviderTest>({ method: 'POST', path: '/admin/provider/test' });
}

export function listActs(page: number, signal?: AbortSignal) {
  return request<{ acts: Act[]; pagination: Pages }>({ path: '/admin/audit', query: { page, limit: 25 }, signal });
}
