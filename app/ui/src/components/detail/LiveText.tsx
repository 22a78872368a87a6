import { memo, useDeferredValue, useMemo } from 'react';

import { blocksOf, calm, headingLevels } from '../../lib/liveMarkdown';
import { isSameTitle } from '../../lib/titles';
import { PartsBoundary } from '../PartsBoundary';
import { RenderedText } from './RenderedText';
import { TextSkeleton } from './TextSkeleton';

interface LiveTextProps {
  text: string;
  title: string;
  /** Whether the text is unfinished, shown as a caret after the last word. */
  isGrowing: boolean;
}

/** A text while it is being written. Only the growing block is rendered again; finished ones are kept. */
export function LiveText({ text, title, isGrowing }: LiveTextProps) {
  const shown = useDeferredValue(text);
  const { finished, growing } = useMemo(() => blocksOf(shown), [shown]);
  const levels = useMemo(() => levelsBefore([...finished, growing]), [finished, growing]);
  const last = isGrowing ? calm(growing) : growing;
  return (
    <PartsBoundary fallback={<TextSkeleton />}>
      <div className={`live-text ${isGrowing ? 'live-text-growing' : ''}`}>
        {[...finished, ...(last.trim() === '' ? [] : [last])].map((block, index) =>
          index === 0 && finished.length > 0 && repeatsTitle(block, title) ? null : (
            <Block key={index} text={block} levels={levels[index] ?? ''} />
          ),
        )}
      </div>
    </PartsBoundary>
  );
}

/** `levels` are those of the preceding headings, as a string so that memo can compare them. */
const Block = memo(function Block({ text, levels }: { text: string; levels: string }) {
  const before = useMemo(() => (levels === '' ? [] : levels.split(' ').map(Number)), [levels]);
  return <RenderedText text={text} title="" headingsBefore={before} />;
});

function levelsBefore(blocks: string[]): string[] {
  const seen: number[] = [];
  return blocks.map((block) => {
    const before = seen.join(' ');
    seen.push(...headingLevels(block));
    return before;
  });
}

function repeatsTitle(block: string, title: string): boolean {
  return !block.includes('\n') && isSameTitle(block.replace(/^#{1,6}\s+/, ''), title);
}
