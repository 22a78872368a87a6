import { Button } from '../Button';
import { lazyPart } from '../lazyPart';
import { PartsBoundary } from '../PartsBoundary';
import type { EditorPaneProps } from './EditorPane';
import { RenderedText } from './RenderedText';
import { TextSkeleton } from './TextSkeleton';

const EditorPane = lazyPart<EditorPaneProps>(() => import('./EditorPane'), Unloaded);

export function preloadEditor(): void {
  EditorPane.preload();
}

/** The editor, loaded as a separate chunk. */
export function EditorPart(props: EditorPaneProps) {
  return (
    <PartsBoundary fallback={<Frame />}>
      <EditorPane {...props} />
    </PartsBoundary>
  );
}

function Frame() {
  return (
    <div className="card mt-5 px-5 py-6 sm:px-10 sm:py-9">
      <TextSkeleton />
    </div>
  );
}

interface UnloadedProps {
  props: EditorPaneProps;
  isTrying: boolean;
  onRetry: () => void;
}

/** If the editor cannot be loaded, the text can still be read. */
function Unloaded({ props: { text, title }, isTrying, onRetry }: UnloadedProps) {
  return (
    <>
      <div role="alert" className="mt-5 flex flex-wrap items-center gap-3 text-sm text-muted">
        <span>The editor could not be loaded. You may be offline, or the app was updated.</span>
        <Button busy={isTrying} onClick={onRetry}>
          Try again
        </Button>
        <Button onClick={() => window.location.reload()}>Reload the app</Button>
      </div>
      <article aria-label="The text" dir="auto" className="card mt-4 px-5 py-6 sm:px-10 sm:py-9">
        <PartsBoundary fallback={<TextSkeleton />}>
          <RenderedText text={text} title={title} />
        </PartsBoundary>
      </article>
    </>
  );
}
