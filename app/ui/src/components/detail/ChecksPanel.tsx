import type { Content, Finding } from '../../api/types';
import { excerptAt } from '../../lib/codePoints';
import { AlertIcon, CheckIcon, CircleIcon } from '../icons';

const NAMES: Record<string, string | undefined> = {
  length: 'Length',
  keyword: 'Keyword',
  avoid: 'Words to avoid',
  language: 'Language',
  structure: 'Structure',
  readability: 'Readability',
  repetition: 'Repetition',
  cliches: 'Worn phrases',
  'to-verify': 'To verify',
  placeholders: 'Blanks to fill in',
  'task-talk': 'Talk about the task',
};
const MOST_PLACES = 5;

/** What the text keeps of its brief, point by point, with the places where it does not. */
export default function ChecksPanel({ content }: { content: Content }) {
  const findings = content.checks ?? [];
  if (findings.length === 0) return <p className="text-sm text-muted">Once there is a text, it is checked against its request here.</p>;
  const failed = findings.filter(({ passed }) => passed === false).length;
  const ordered = [...findings].sort((one, other) => rank(one) - rank(other));
  return (
    <>
      <p className="text-sm font-semibold">{failed === 0 ? 'Nothing to mend.' : `${failed} of ${findings.length} to look at.`}</p>
      <ul className="mt-3 space-y-2.5">
        {ordered.map((finding, index) => (
          <FindingItem key={`${finding.check}-${index}`} finding={finding} text={content.generatedText} />
        ))}
      </ul>
    </>
  );
}

function rank({ passed }: Finding): number {
  return passed === false ? 0 : passed === true ? 1 : 2;
}

function FindingItem({ finding, text }: { finding: Finding; text: string }) {
  const { check, passed, message } = finding;
  const spans = passed === false ? finding.spans.slice(0, MOST_PLACES) : [];
  return (
    <li className="flex gap-2.5 rounded-xl border border-line bg-surface px-3 py-2.5 text-sm">
      <Mark passed={passed} />
      <div className="min-w-0">
        <p className="font-semibold">{NAMES[check] ?? check}</p>
        <p className="break-words text-muted">{message}</p>
        {spans.length > 0 && (
          <ul className="mt-1.5 space-y-1">
            {spans.map(({ start, end }) => (
              <li key={start} dir="auto" className="border-s-2 border-danger ps-2 break-words">
                {excerptAt(text, start, end)}
              </li>
            ))}
          </ul>
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
