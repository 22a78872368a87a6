import { useState } from 'react';

import type { Proposal } from '../../lib/proposals';
import type { Rewriting } from '../../lib/rewriting';
import { Button } from '../Button';
import { RewriteResult } from './RewriteResult';

interface SuggestionsProps {
  rewriting: Rewriting;
  /** The suggestions to show here. */
  proposals: readonly Proposal[];
}

/** The suggested changes of passages. None is applied until it is accepted, one by one or all together. */
export function Suggestions({ rewriting, proposals }: SuggestionsProps) {
  const [isAccepting, setAccepting] = useState(false);
  const acceptable = proposals.filter(({ state, passage, replacement, quote }) => state === 'ready' && passage !== null && replacement !== quote);
  const focusHeading = () => document.getElementById('suggestions')?.focus();

  const acceptAll = async () => {
    setAccepting(true);
    for (const { id } of acceptable) await rewriting.accept(id);
    setAccepting(false);
    focusHeading();
  };
  const accept = async (id: string) => {
    if (await rewriting.accept(id)) focusHeading();
  };
  const discard = (isMeant: (proposal: Proposal) => boolean) => {
    rewriting.discard(isMeant);
    focusHeading();
  };

  return (
    <section aria-labelledby="suggestions">
      <h2 id="suggestions" tabIndex={-1} className="text-sm font-semibold">
        {proposals.length === 0 ? 'No suggestions are left.' : `${proposals.length} suggested ${proposals.length === 1 ? 'change' : 'changes'}`}
      </h2>
      {proposals.length > 0 && <p className="mt-1 text-sm text-muted">Nothing changes before you accept it.</p>}
      {proposals.length > 1 && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button look="primary" busy={isAccepting} disabled={acceptable.length === 0 && !isAccepting} onClick={() => void acceptAll()}>
            {`Accept all ${acceptable.length > 0 ? acceptable.length : ''}`.trim()}
          </Button>
          <Button onClick={() => discard(({ id }) => proposals.some((each) => each.id === id))}>Discard all</Button>
        </div>
      )}
      <ul className="mt-3 space-y-2.5">
        {proposals.map((proposal) => (
          <li key={proposal.id} className="rounded-xl border border-line bg-surface px-3 py-3">
            <RewriteResult
              proposal={proposal}
              onAccept={() => void accept(proposal.id)}
              onAgain={() => rewriting.again(proposal.id)}
              onDiscard={() => discard(({ id }) => id === proposal.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
