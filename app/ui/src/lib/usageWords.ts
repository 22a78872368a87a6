/** Limits, numbers and months in words. */

import type { Limit, Limits } from '../api/usage';
import { textsSaid } from './words';

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const monthAndYear = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const dayOnly = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const NEARLY = 0.8;

export function count(number: number): string {
  return whole.format(number);
}

/** Abbreviated numbers: 12.4K, 3M. */
export function shortCount(number: number): string {
  return short.format(number);
}

export function bytes(number: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', style: 'unit', unit: 'byte', unitDisplay: 'narrow' }).format(number);
}

export function money(cost: { amount: number; currency: string } | null): string {
  if (cost === null) return 'Unknown';
  const digits = cost.amount > 0 && cost.amount < 1 ? 4 : 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency: cost.currency, maximumFractionDigits: digits }).format(cost.amount);
}

/** "November 2026" for 2026-11. */
export function monthName(month: string): string {
  return monthAndYear.format(Date.parse(`${month}-01T00:00:00Z`));
}

/** "Thu, Nov 26" for 2026-11-26. */
export function dayName(day: string): string {
  return dayOnly.format(Date.parse(`${day}T00:00:00Z`));
}

/** The day on which a limit resets, in UTC. */
export function resetDay(limit: Limit): string {
  return dayAndMonth.format(Date.parse(limit.resetsAt));
}

/** The months that can be chosen: this one and the preceding ones of a year. */
export function lastMonths(now: Date, number = 12): string[] {
  return Array.from({ length: number }, (_, ago) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1)).toISOString().slice(0, 7));
}

export function shareOf({ limit, used }: { limit: number; used: number }): number {
  return limit === 0 ? 1 : Math.min(1, used / limit);
}

/** Returns the first limit that is used up, or nearly. */
export function warningOf(limits: Limits): { text: string; isFull: boolean } | null {
  const { dailyGenerations: day, monthlyTokens: month } = limits;
  const full = [
    day?.remaining === 0 && `You've used all ${textsSaid(day.limit)} for today. More on ${resetDay(day)} at 00:00 UTC.`,
    month?.remaining === 0 && `You've used all ${count(month.limit)} tokens for this month. More on ${resetDay(month)}.`,
  ].find(Boolean);
  if (full) return { text: full, isFull: true };
  const nearly = [
    day && shareOf(day) >= NEARLY && `You have ${textsSaid(day.remaining)} left today, of ${count(day.limit)}.`,
    month && shareOf(month) >= NEARLY && `You have ${count(month.remaining)} tokens left this month, of ${count(month.limit)}.`,
  ].find(Boolean);
  return nearly ? { text: nearly, isFull: false } : null;
}

/** How much of the limits this many texts use: "uses 60 of 466 left today"; null if there is no limit. */
export function usesOf(limits: Limits | undefined, number: number): string | null {
  const { dailyGenerations: day, monthlyTokens: month } = limits ?? {};
  if (day?.remaining === 0) return `none of ${count(day.limit)} left today`;
  if (day) return number > day.remaining ? `only ${count(day.remaining)} left today` : `uses ${count(number)} of ${count(day.remaining)} left today`;
  if (!month) return null;
  return month.remaining === 0 ? 'no tokens left this month' : `uses some of ${count(month.remaining)} tokens left this month`;
}
