import type { Content } from '../../api/types';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useKeptText } from '../../hooks/useKeptText';
import { useUseVersion } from '../../hooks/useUseVersion';
import { instructionToContinue } from '../../lib/goingOn';
import { countWords, wordsText } from '../../lib/words';
import type { LiveText as Live } from '../../realtime/liveTexts';
import { Button } from '../Button';
import { LiveText } from './LiveText';

interface StoppedPanelProps {
  content: Content;
  live: Live | null;
  actions: GenerationActions;
  onEditRequest: () => void;
  onWriteByHand: () => void;
}

/** A stopped generation: the partial text, which is saved as a version, and the next actions. */
export default function StoppedPanel({ content, live, actions, onEditRequest, onWriteByHand }: StoppedPanelProps) {
  const kept = useKeptText(content, 'partial', true);
  const text = kept?.text ?? live?.text ?? '';
  const hasText = text.trim() !== '';
  const use = useUseVersion(content);

  return (
    <section aria-label="Stopped" className="mt-5">
      <div className="rounded-2xl border border-line bg-surface px-5 py-5 sm:px-7">
        <h2 className="font-serif text-xl font-semibold">
          {hasText ? `Stopped. You kept ${wordsText(countWords(text))}.` : 'Stopped before the first word.'}
        </h2>
        <div role="group" aria-label="Actions" className="mt-4 flex flex-wrap gap-2.5">
          {hasText && (
            <Button look="primary" busy={actions.busy === 'again'} onClick={() => actions.again({ instruction: instructionToContinue(text) })}>
              Continue
            </Button>
          )}
          {kept && (
            <Button busy={use.isPending} onClick={() => use.mutate(kept.number)}>
              Use as it is
            </Button>
          )}
          <Button look={hasText ? 'secondary' : 'primary'} busy={actions.busy === 'again'} onClick={() => actions.again()}>
            Write again
          </Button>
          <Button onClick={onEditRequest}>Edit request</Button>
          {!hasText && <Button onClick={onWriteByHand}>Write it myself</Button>}
        </div>
      </div>
      {hasText && (
        <div role="region" aria-label="The text so far" dir="auto" className="mt-6">
          <LiveText text={text} title={content.title} isGrowing={false} />
        </div>
      )}
    </section>
  );
}
