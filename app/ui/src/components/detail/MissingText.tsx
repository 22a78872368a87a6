import type { Draft } from '../../lib/drafts';
import { BackLink } from '../BackLink';
import { Button, ButtonLink } from '../Button';
import { EmptyState } from '../EmptyState';
import { PageHeading } from '../PageHeading';

interface MissingTextProps {
  /** An edit of the text that was never saved. */
  kept: Draft | null;
  onDiscard: (draft: Draft) => void;
}

/** Shown when the text was deleted, with the unsaved edit if there is one. */
export default function MissingText({ kept, onDiscard }: MissingTextProps) {
  return (
    <div className="mx-auto max-w-3xl">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="Text not found" className="mt-3 mb-8">
        Text not found
      </PageHeading>
      <EmptyState title="We can't find this text" action={<ButtonLink to="/contents">Go to library</ButtonLink>}>
        It was deleted, or it belongs to another account.
      </EmptyState>
      {kept && <KeptWords draft={kept} onDiscard={onDiscard} />}
    </div>
  );
}

function KeptWords({ draft, onDiscard }: { draft: Draft; onDiscard: (draft: Draft) => void }) {
  const words = [draft.values.title, draft.values.generatedText, draft.values.prompt].filter(Boolean).join('\n\n');
  return (
    <section aria-label="Kept on this device" className="mt-8">
      <label htmlFor="kept" className="text-sm font-semibold">
        Your unsaved edit is kept on this device.
      </label>
      <textarea id="kept" readOnly dir="auto" rows={12} value={words} className="input mt-2 font-serif text-lg" />
      <Button look="danger" className="mt-3" onClick={() => onDiscard(draft)}>
        Discard
      </Button>
    </section>
  );
}
