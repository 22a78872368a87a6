import type { VersionUsage } from '../api/versions';

/** What a text cost: "$0.0021 · 1,204 tokens"; without known prices the tokens alone, and null where no model was asked. */
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
