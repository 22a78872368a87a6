import { useState } from 'react';

import { countWords, wordsText } from '../../lib/words';
import { ChevronRightIcon } from '../icons';
import { LiveText } from './LiveText';

interface FoldedTextProps {
  title: string;
  text: string;
  /** The title, which the text need not repeat. */
  of: string;
}

/** A collapsed text, rendered only once it is opened. */
export default function FoldedText({ title, text, of }: FoldedTextProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="group mt-6 rounded-xl border border-line px-4 py-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex list-none items-center gap-1.5 rounded-lg text-sm font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronRightIcon className="size-4 text-muted transition-transform group-open:rotate-90" />
        <span>{title}</span>
        <span className="font-normal text-muted">{wordsText(countWords(text))}</span>
      </summary>
      <div dir="auto" className="mt-4 text-muted">
        {isOpen && <LiveText text={text} title={of} isGrowing={false} />}
      </div>
    </details>
  );
}
