import type { Content } from '../../api/types';
import { useGenerationActions } from '../../hooks/useGenerationActions';
import { Button } from '../Button';

/** Nothing is typed in a list. */
const nothingToSave = () => Promise.resolve();

/** Has a text written again where it stands in the list. */
export default function TryAgain({ content }: { content: Pick<Content, 'id' | 'title'> }) {
  const { busy, again } = useGenerationActions(content, nothingToSave);
  return (
    <Button className="text-row-deed" busy={busy === 'again'} aria-label={`Try ${content.title} again`} onClick={() => again()}>
      Try again
    </Button>
  );
}
