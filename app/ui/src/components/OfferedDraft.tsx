import type { OfferedDrafts } from '../hooks/useOfferedDrafts';
import type { Draft, DraftValues } from '../lib/drafts';
import { lazyPart } from './lazyPart';
import { PartsBoundary } from './PartsBoundary';

/** Optional: the form works even if this part cannot be loaded. */
const KeptDraft = lazyPart(() => import('./KeptDraft'), () => null);

interface OfferedDraftProps {
  drafts: Pick<OfferedDrafts, 'offered' | 'discard'>;
  /** What is stored: "An unfinished text is kept on this device." */
  message: string;
  takeUp?: string;
  /** The words by which the draft is recognized. */
  excerptOf?: (values: DraftValues) => string | undefined;
  onTakeUp: (draft: Draft) => void;
}

/** Offers the newest draft that is not in the form. */
export function OfferedDraft({ drafts: { offered, discard }, message, takeUp = 'Continue it', excerptOf, onTakeUp }: OfferedDraftProps) {
  const [draft] = offered;
  return (
    <PartsBoundary fallback={null}>
      {draft && (
        <KeptDraft
          key={draft.key}
          draft={draft}
          message={message}
          takeUp={takeUp}
          excerpt={excerptOf?.(draft.values)}
          onTakeUp={() => onTakeUp(draft)}
          onDiscard={() => discard(draft)}
        />
      )}
    </PartsBoundary>
  );
}
