import { lazy, Suspense, useRef } from 'react';

import type { Content } from '../../api/types';
import { useNotices } from '../../contexts/notices';
import { copyText } from '../../lib/clipboard';
import { downloadMarkdown, fileNameFor } from '../../lib/download';
import { plainTextOf } from '../../lib/plainText';
import { lengthOf } from '../../lib/words';
import { Button } from '../Button';
import { DownloadIcon, EditIcon } from '../icons';
import { ContentHeader } from './ContentHeader';
import { CopyButton } from './CopyButton';
import { DeleteButton } from './DeleteButton';
import { GenerationLife } from './GenerationLife';
import { PublishButton } from './PublishButton';
import { RequestDetails } from './RequestDetails';
import { TextSkeleton } from './TextSkeleton';

const CopyMenu = lazy(() => import('./CopyMenu'));
const MarkdownText = lazy(() => import('../MarkdownText'));

interface ReadingViewProps {
  content: Content;
  canEdit: boolean;
  onEdit: () => void;
}

/** A piece as it is read, with everything that can be done with it. */
export function ReadingView({ content, canEdit, onEdit }: ReadingViewProps) {
  const article = useRef<HTMLDivElement>(null);
  const notices = useNotices();
  const hasText = content.generatedText.trim() !== '';

  const copy = (text: string, what: string) => {
    copyText(text).then(
      () => notices.show({ text: `Copied as ${what}.` }),
      () => notices.show({ text: 'Your browser did not allow copying.' }),
    );
  };

  return (
    <>
      <ContentHeader content={content} note={hasText ? lengthOf(content.generatedText) : null} />
      <div role="group" aria-label="Actions" className="mt-5 flex flex-wrap gap-2.5">
        {hasText && <PublishButton content={content} />}
        {canEdit && (
          <Button id="edit" icon={<EditIcon className="size-4" />} onClick={onEdit}>
            Edit
          </Button>
        )}
        {hasText && (
          <>
            <Suspense fallback={<CopyButton />}>
              <CopyMenu
                onCopyText={() => copy(article.current ? plainTextOf(article.current) : content.generatedText, 'text')}
                onCopyMarkdown={() => copy(content.generatedText, 'Markdown')}
              />
            </Suspense>
            <Button
              icon={<DownloadIcon className="size-4" />}
              onClick={() => downloadMarkdown(fileNameFor(content.title), content.generatedText)}
            >
              Download .md
            </Button>
          </>
        )}
        <DeleteButton content={content} />
      </div>
      <GenerationLife content={content} />
      {hasText && (
        <article aria-label="The text" className="card mt-8 px-5 py-7 sm:px-10 sm:py-10">
          <Suspense fallback={<TextSkeleton />}>
            <MarkdownText text={content.generatedText} ref={article} />
          </Suspense>
        </article>
      )}
      {!hasText && content.generationStatus === null && (
        <p className="card mt-8 px-5 py-10 text-center text-muted">There is no text yet. Edit this piece to write one.</p>
      )}
      <RequestDetails content={content} />
    </>
  );
}
