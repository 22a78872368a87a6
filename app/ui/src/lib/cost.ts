import type { VersionUsage } from '../api/versions';

/** The cost of a text: "$0.0021 · 1,204 tokens". Only the tokens if the prices are unknown; null if no model was called. */
export function costText(usage: VersionUsage | null): string | null {
  if (usage === null || usage.calls === 0) return null;
  const tokens = usage.inputTokens + usage.outputTokens + usage.thinkingTokens;
  const said = `${tokens.toLocaleString('en')} ${tokens === 1 ? 'token' : 'tokens'}`;
  return usage.cost === null ? said : `${amountText(usage.cost)} · ${said}`;
}

function amountText({ amount, currency }: NonNullable<VersionUsage['cost']>): string {
  const isSmall = amount > 0 && amount < 0.01;
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency, ...(isSmall ? { maximumSignificantDigits: 2 } : {}) }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}
