import { Suspense, useMemo, useRef } from 'react';

import { isFinal } from '../../api/contentCache';
import { useNotices } from '../../contexts/notices';
import { copiedHtml } from '../../lib/copiedHtml';
import { copyFormatted, copyText } from '../../lib/clipboard';
import { downloadMarkdown, fileNameFor } from '../../lib/download';
import { plainTextOf } from '../../lib/plainText';
import { lengthOf } from '../../lib/words';
import { Button } from '../Button';
import { DownloadIcon, EditIcon } from '../icons';
import { ContentHeader } from './ContentHeader';
import { CopyMenu } from './CopyMenu';
import { DeleteButton } from './DeleteButton';
import { LiveView, type LiveViewProps } from './LiveView';
import { PublishButton } from './PublishButton';
import { RenderedText } from './RenderedText';
import { TextSkeleton } from './TextSkeleton';

interface ReadingViewProps extends LiveViewProps {
  canEdit: boolean;
  onEdit: () => void;
}

/** A piece as it is read, with everything that can be done with it. */
export function ReadingView({ canEdit, onEdit, ...live }: ReadingViewProps) {
  const { content } = live;
  const isUnderWay = !isFinal(content.generationStatus);
  const article = useRef<HTMLDivElement>(null);
  const notices = useNotices();
  const hasText = content.generatedText.trim() !== '';
  const length = useMemo(() => (hasText ? lengthOf(content.generatedText) : null), [hasText, content.generatedText]);

  const plain = () => (article.current ? plainTextOf(article.current) : content.generatedText);
  const html = () => (article.current ? copiedHtml(article.current) : '');
  const copy = (copied: Promise<void>, what: string) => {
    copied.then(
      () => notices.show({ text: `Copied ${what}.` }),
      () => notices.show({ text: 'Your browser did not allow copying.' }),
    );
  };

  return (
    <>
      <ContentHeader content={content} note={length} />
      <div role="group" aria-label="This text" className="mt-5 flex flex-wrap gap-2.5">
        {hasText && <PublishButton content={content} />}
        {canEdit && (
          <Button id="edit" icon={<EditIcon className="size-4" />} onClick={onEdit}>
            Edit
          </Button>
        )}
        {hasText && (
          <CopyMenu
            onCopyFormatted={() => copy(copyFormatted(html(), plain()), 'with its formatting')}
            onCopyText={() => copy(copyText(plain()), 'as text')}
            onCopyMarkdown={() => copy(copyText(content.generatedText), 'as Markdown')}
            onCopyHtml={() => copy(copyText(html()), 'as HTML')}
          />
        )}
        {hasText && (
          <Button
            icon={<DownloadIcon className="size-4" />}
            onClick={() => downloadMarkdown(fileNameFor(content.title), content.generatedText)}
          >
            Download .md
          </Button>
        )}
        <DeleteButton content={content} />
      </div>
      <LiveView {...live} />
      {hasText && !isUnderWay && (
        <article aria-label="The text" dir="auto" className="card mt-8 px-5 py-7 sm:px-10 sm:py-10">
          <Suspense fallback={<TextSkeleton />}>
            <RenderedText text={content.generatedText} title={content.title} ref={article} />
          </Suspense>
        </article>
      )}
      {!hasText && (content.generationStatus === null || content.generationStatus === 'completed') && (
        <p className="card mt-8 px-5 py-10 text-center text-muted">There is no text yet. Edit this piece to write one.</p>
      )}
    </>
  );
}
