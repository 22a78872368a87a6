/** What was used, what it cost, and how much is left. */

import { request } from './client';

export interface Room {
  limit: number;
  used: number;
  remaining: number;
}

export interface Limit extends Room {
  resetsAt: string;
}

/** What the server enforces; null where there is no such limit. */
export interface Limits {
  dailyGenerations: Limit | null;
  monthlyTokens: Limit | null;
  storedBytes?: Room;
}

export interface UsageSum {
  calls: number;
  generations: number;
  inputTokens: number;
  outputTokens: number;
  thinkingTokens: number;
  /** null: the price of a model is not known. */
  cost: { amount: number; currency: string } | null;
}

export interface UsageRow extends UsageSum {
  day?: string;
  model?: string;
  type?: string;
}

export interface Usage {
  totals: UsageSum;
  rows: UsageRow[];
  limits: Limits;
}

/** How many texts wait, and how many may; 0 for any number. */
export interface Waiting {
  count: number;
  most: number;
}

export const usageKeys = {
  limits: ['usage', 'limits'] as const,
  waiting: ['usage', 'waiting'] as const,
  month: (month: string, by: string) => ['usage', 'month', month, by] as const,
};

export async function getLimits(signal?: AbortSignal): Promise<Limits> {
  const today = new Date().toISOString().slice(0, 10);
  return (await request<Usage>({ path: '/usage', query: { from: today, to: today }, signal })).limits;
}

/** What was used in a month such as 2026-11, a row for each value of `by`. */
export function getUsage(month: string, by: string, signal?: AbortSignal): Promise<Usage> {
  return request<Usage>({ path: '/usage', query: { from: `${month}-01`, to: lastDayOf(month), by }, signal });
}

export async function getWaiting(signal?: AbortSignal): Promise<Waiting> {
  const [page, config] = await Promise.all([
    request<{ pagination: { total: number } }>({ path: '/content', query: { generationStatus: 'pending', limit: 1 }, signal }),
    request<{ limits: { waitingGenerations: number } }>({ path: '/config', signal }),
  ]);
  return { count: page.pagination.total, most: config.limits.waitingGenerations };
}

function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
