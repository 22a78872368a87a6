import type { Proposal } from '../../lib/proposals';
import { Spoken } from '../Spoken';

/** Announces to screen readers that rewrites have started, have results, or have failed. */
export function SpokenSuggestions({ proposals }: { proposals: readonly Proposal[] }) {
  return <Spoken>{spoken(proposals)}</Spoken>;
}

function spoken(proposals: readonly Proposal[]): string {
  const count = (...states: Proposal['state'][]) => proposals.filter(({ state }) => states.includes(state)).length;
  const [waiting, ready, failed] = [count('queued', 'asking', 'writing'), count('ready', 'accepting'), count('failed')];
  if (proposals.length === 0) return '';
  if (waiting > 0) return proposals.length === 1 ? 'Rewriting the passage.' : `Rewriting ${proposals.length} passages.`;
  const done = ready === 0 ? '' : ready === 1 ? 'A suggestion is ready.' : `${ready} suggestions are ready.`;
  const inVain = failed === 0 ? '' : failed === 1 ? 'A passage could not be rewritten.' : `${failed} passages could not be rewritten.`;
  return [done, inVain].filter(Boolean).join(' ');
}
