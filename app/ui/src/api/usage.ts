/** Usage, costs and remaining quotas. */

import { request } from './client';

export interface Room {
  limit: number;
  used: number;
  remaining: number;
}

export interface Limit extends Room {
  resetsAt: string;
}

/** The enforced limits; null if there is none. */
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
  /** null if the price of a model is unknown. */
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

/** The number of waiting texts, and the limit; 0 for no limit. */
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

/** Returns the usage of a month such as 2026-11, with a row per value of `by`. */
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
