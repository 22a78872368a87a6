import type { Content } from '../../api/types';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useKeptText } from '../../hooks/useKeptText';
import { useUseVersion } from '../../hooks/useUseVersion';
import { failureWords } from '../../lib/failureWords';
import { Button } from '../Button';
import { AlertIcon } from '../icons';
import FoldedText from './FoldedText';

interface FailurePanelProps {
  content: Content;
  actions: GenerationActions;
  onEditRequest: () => void;
  onWriteByHand: () => void;
}

/** Explains why a generation failed, with the actions that help. */
export default function FailurePanel({ content, actions, onEditRequest, onWriteByHand }: FailurePanelProps) {
  const { reason, advice, canRetry } = failureWords(content.failureCode, content.failureReason);
  const refused = useKeptText(content, 'refused', true);
  const use = useUseVersion(content);

  return (
    <>
      <section aria-label="What went wrong" className="mt-5 rounded-2xl bg-danger-soft px-5 py-6 sm:flex sm:gap-4 sm:px-7">
        <AlertIcon className="mb-2 size-6 text-danger sm:mt-0.5" />
        <div className="min-w-0">
          <h2 className="font-serif text-xl font-semibold text-danger">We couldn’t write this one</h2>
          <p className="mt-2 font-medium break-words">{reason}</p>
          <p className="mt-1">{advice}</p>
          <div role="group" aria-label="Actions" className="mt-5 flex flex-wrap gap-2.5">
            <Button look={canRetry ? 'primary' : 'secondary'} busy={actions.busy === 'again'} onClick={() => actions.again()}>
              Try again
            </Button>
            <Button look={canRetry ? 'secondary' : 'primary'} onClick={onEditRequest}>
              Edit request
            </Button>
            <Button onClick={onWriteByHand}>Write it myself</Button>
            {refused && (
              <Button busy={use.isPending} onClick={() => use.mutate(refused.number)}>
                Use the last attempt
              </Button>
            )}
          </div>
        </div>
      </section>
      {refused && <FoldedText title="The text that was not good enough" text={refused.text} of={content.title} />}
    </>
  );
}
