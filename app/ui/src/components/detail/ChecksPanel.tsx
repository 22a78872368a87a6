import { useMemo } from 'react';

import { isFinal } from '../../api/generationStatus';
import type { Content, Finding } from '../../api/types';
import type { RewritingOfPage } from '../../hooks/useRewriting';
import { blocksOf } from '../../lib/blocks';
import { nameOfCheck } from '../../lib/checkNames';
import { excerptAt } from '../../lib/codePoints';
import { mendsOf, together, type Mend } from '../../lib/mending';
import { Button } from '../Button';
import { AlertIcon, CheckIcon, CircleIcon } from '../icons';
import { SpokenSuggestions } from '../rewriting/SpokenSuggestions';
import { Suggestions } from '../rewriting/Suggestions';

const MOST_PLACES = 5;
const MENDING = 'mending';

interface ChecksPanelProps {
  content: Content;
  rewriting: RewritingOfPage;
  /** Shows the places of a finding in the editor, one after the other. Without an editor they are only quoted. */
  onShow?: ((finding: Finding) => void) | undefined;
}

interface Mendable {
  finding: Finding;
  mends: Mend[];
}

/** The checks of the text against its brief, with the places that fail and buttons to fix them. */
export default function ChecksPanel({ content, rewriting: { rewriting, proposals }, onShow }: ChecksPanelProps) {
  const { checks, generatedText: text, brief } = content;
  const found = useMemo(() => mendables(checks ?? [], text, brief), [checks, text, brief]);
  const ofMending = proposals.filter(({ group }) => group === MENDING);
  if (found.length === 0) return <p className="text-sm text-muted">Once there is a text, it is checked against its request here.</p>;
  const failed = found.filter(({ finding }) => finding.passed === false).length;
  const canMend = isFinal(content.generationStatus) && ofMending.length === 0;
  const all = found.filter(({ mends }) => mends.length > 0);

  const mend = (chosen: Mendable[]) => {
    const purposeOf = (mend: Mend) => chosen.filter(({ mends }) => mends.some((each) => overlaps(each, mend))).map(({ finding }) => purpose(finding)).join(', ');
    rewriting.textIs(text);
    rewriting.propose(together(chosen.flatMap(({ mends }) => mends)).map((each) => ({ ...each, group: MENDING, purpose: purposeOf(each) })));
    requestAnimationFrame(() => document.getElementById('suggestions')?.focus());
  };

  return (
    <>
      <SpokenSuggestions proposals={ofMending} />
      {ofMending.length > 0 && (
        <div className="mb-5">
          <Suggestions rewriting={rewriting} proposals={ofMending} />
        </div>
      )}
      <p className="text-sm font-semibold">{failed === 0 ? 'Nothing to mend.' : `${failed} of ${found.length} to look at.`}</p>
      {canMend && all.length > 1 && (
        <Button look="primary" className="mt-3" onClick={() => mend(all)}>
          {`Mend all (${passagesText(together(all.flatMap(({ mends }) => mends)).length)})`}
        </Button>
      )}
      <ul className="mt-3 space-y-2.5">
        {[...found].sort((one, other) => rank(one.finding) - rank(other.finding)).map((each, index) => (
          <FindingItem
            key={`${each.finding.check}-${index}`}
            finding={each.finding}
            text={text}
            passages={canMend ? each.mends.length : 0}
            onMend={() => mend([each])}
            onShow={onShow}
          />
        ))}
      </ul>
    </>
  );
}

function mendables(findings: Finding[], text: string, brief: Content['brief']): Mendable[] {
  const blocks = findings.some(({ passed }) => passed === false) ? blocksOf(text) : [];
  return findings.map((finding) => ({ finding, mends: mendsOf(finding, text, blocks, brief) }));
}

function overlaps({ passage: one }: Mend, { passage: other }: Mend): boolean {
  return one.from < other.to && other.from < one.to;
}

/** "Keyword “bees”", "Length" */
function purpose({ check, target }: Finding): string {
  return check === 'keyword' || check === 'avoid' ? `${nameOfCheck(check)} “${String(target)}”` : nameOfCheck(check);
}

function passagesText(amount: number): string {
  return `${amount} ${amount === 1 ? 'passage' : 'passages'}`;
}

function rank({ passed }: Finding): number {
  return passed === false ? 0 : passed === true ? 1 : 2;
}

interface FindingItemProps {
  finding: Finding;
  text: string;
  /** The number of passages that a fix would rewrite; 0 if it cannot be fixed this way, or not now. */
  passages: number;
  onMend: () => void;
  onShow: ((finding: Finding) => void) | undefined;
}

function FindingItem({ finding, text, passages, onMend, onShow }: FindingItemProps) {
  const { check, passed, message, spans, count } = finding;
  const isShown = passed !== true && onShow !== undefined && spans.length > 0;
  const quoted = passed === false ? spans.slice(0, MOST_PLACES) : [];
  return (
    <li className="flex gap-2.5 rounded-xl border border-line bg-surface px-3 py-2.5 text-sm">
      <Mark passed={passed} />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{nameOfCheck(check)}</p>
        <p className="break-words text-muted">{message}</p>
        {quoted.length > 0 && (
          <ul className="mt-1.5 space-y-1">
            {quoted.map(({ start, end }) => (
              <li key={start} dir="auto" className="border-s-2 border-danger ps-2 break-words">
                {excerptAt(text, start, end)}
              </li>
            ))}
          </ul>
        )}
        {(isShown || passages > 0) && (
          <div className="mt-2 flex flex-wrap gap-2">
            {isShown && <Button aria-label={`Show ${purpose(finding)}`} onClick={() => onShow(finding)}>{spans.length === 1 ? 'Show' : `Show ${count} places`}</Button>}
            {passages > 0 && (
              <Button aria-label={`Mend ${purpose(finding)}: ${passagesText(passages)}`} onClick={onMend}>
                {passages === 1 ? 'Mend' : `Mend ${passagesText(passages)}`}
              </Button>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

function Mark({ passed }: { passed: boolean | null }) {
  const [said, mark] =
    passed === null
      ? ['Cannot be said:', <CircleIcon key="mark" className="mt-0.5 size-4 text-muted" />]
      : passed
        ? ['Kept:', <CheckIcon key="mark" className="mt-0.5 size-4 text-accent" />]
        : ['To look at:', <AlertIcon key="mark" className="mt-0.5 size-4 text-danger" />];
  return (
    <>
      {mark}
      <span className="sr-only">{said}</span>
    </>
  );
}
