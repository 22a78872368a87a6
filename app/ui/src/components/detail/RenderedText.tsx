import { useDeferredValue, useMemo, type Ref } from 'react';

import { isTooIntricate } from '../../lib/markdownLimits';
import { Button } from '../Button';
import { ErrorBoundary } from '../ErrorBoundary';
import { lazyPart } from '../lazyPart';

interface TextProps {
  text: string;
  /** Not repeated if the text begins with it as a heading. */
  title: string;
  /** The levels of the preceding headings, if this is only a part of a text. */
  headingsBefore?: readonly number[];
  ref?: Ref<HTMLDivElement>;
}

const MarkdownText = lazyPart<TextProps>(() => import('../MarkdownText'), Unloaded);

/**
 * A generated text as it is read. Whatever it holds, the page around it stays usable: it is drawn after the rest, and where
 * it cannot be drawn, its words are shown as they are. Every text is drawn anew, since a browser that translates the page
 * changes what we drew before.
 */
export function RenderedText({ text, title, headingsBefore, ref }: TextProps) {
  const shown = useDeferredValue(text, '');
  const asItIs = useMemo(() => isTooIntricate(text), [text]);
  if (asItIs) return <PlainText text={text} title={title} ref={ref} />;
  return (
    <ErrorBoundary key={shown} fallback={<PlainText text={shown} title={title} ref={ref} />}>
      {shown !== '' && <MarkdownText text={shown} title={title} headingsBefore={headingsBefore} ref={ref} />}
    </ErrorBoundary>
  );
}

export function preloadRenderer(): void {
  MarkdownText.preload();
}

function PlainText({ text, ref }: TextProps) {
  return (
    <div ref={ref} className="prose break-words whitespace-pre-wrap">
      {text}
    </div>
  );
}

interface UnloadedProps {
  props: TextProps;
  isTrying: boolean;
  onRetry: () => void;
}

function Unloaded({ props, isTrying, onRetry }: UnloadedProps) {
  return (
    <>
      <PlainText {...props} />
      <p className="mt-6 flex flex-wrap items-center gap-3 border-t border-line pt-4 text-sm text-muted">
        <span>Shown without formatting: a part of the app could not be loaded.</span>
        <Button busy={isTrying} onClick={onRetry}>
          Try again
        </Button>
      </p>
    </>
  );
}
