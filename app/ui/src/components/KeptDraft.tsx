import { useState } from 'react';

import { exactTime } from '../lib/age';
import type { Draft } from '../lib/drafts';
import { TYPED_FIELDS } from '../lib/newText';
import { Button } from './Button';
import { ConfirmDialog } from './ConfirmDialog';

interface KeptDraftProps {
  draft: Draft;
  /** What is stored: "Your unsaved edit is kept on this device." */
  message: string;
  takeUp: string;
  /** The words by which it is recognized; otherwise those of a text or its request. */
  excerpt?: string | undefined;
  onTakeUp: () => void;
  onDiscard: () => void;
}

/** Offers an unsaved draft: from an ended session, from another tab, or one put aside for something else. */
export default function KeptDraft({ draft, message, takeUp, excerpt = firstWords(draft), onTakeUp, onDiscard }: KeptDraftProps) {
  const [isAsking, setAsking] = useState(false);
  const time = new Date(draft.savedAt).toISOString();
  return (
    <section aria-label="Kept on this device" className="mt-6 mb-2 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl bg-waiting-soft px-5 py-4 print:hidden">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold">{message}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-sm text-muted">
          <bdi className="max-w-full truncate">{excerpt?.slice(0, 120)}</bdi>
          <time dateTime={time}>{exactTime(time)}</time>
        </p>
      </div>
      <div className="flex flex-wrap gap-2.5">
        <Button look="primary" onClick={onTakeUp}>
          {takeUp}
        </Button>
        <Button onClick={() => setAsking(true)}>Discard</Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Discard this draft?"
          confirm="Discard"
          cancel="Keep it"
          onConfirm={() => {
            setAsking(false);
            onDiscard();
          }}
          onCancel={() => setAsking(false)}
        >
          <p>It was never saved, and it will be gone for good.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function firstWords({ values }: Draft): string | undefined {
  return [...TYPED_FIELDS, 'generatedText'].map((field) => values[field]).find((words) => words?.trim());
}
