import { useIsMutating } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';

import { contentKeys } from '../api/contentCache';
import { isStatus, messageOf } from '../api/errors';
import { BackLink } from '../components/BackLink';
import { preloadEditor } from '../components/detail/EditorPart';
import '../components/detail/live.css';
import { preloadRenderer } from '../components/detail/RenderedText';
import { TextSkeleton } from '../components/detail/TextSkeleton';
import { ErrorMessage } from '../components/ErrorMessage';
import { lazyPart } from '../components/lazyPart';
import { PageHeading } from '../components/PageHeading';
import { PartsBoundary } from '../components/PartsBoundary';
import { useUser } from '../contexts/auth';
import { useContent } from '../hooks/useContent';
import { draftsOf, forgetDraft, type Draft } from '../lib/drafts';

const MissingText = lazyPart(() => import('../components/detail/MissingText'));
const TextPage = lazyPart(() => import('../components/detail/TextPage'));
// Loaded together with the text instead of after it.
TextPage.preload();

export default function ContentDetail() {
  const { id = '' } = useParams();
  // Keyed by the content, so that no state of an edit carries over.
  return <Detail key={id} id={id} />;
}

function Detail({ id }: { id: string }) {
  const { data: content, error: failure, refetch } = useContent(id);
  // When the text is trashed here, the news of it may come before the answer.
  const isBusy = useIsMutating({ mutationKey: contentKeys.deeds(id) }) > 0;
  const error = isBusy ? null : failure;
  const { id: userId } = useUser();
  const [, lookAgain] = useState(0);
  usePreloadedParts();

  const isGone = isStatus(error, 404);
  const kept = isGone ? draftsOf({ userId, text: id }) : [];
  const discard = (draft: Draft) => {
    forgetDraft(draft);
    lookAgain((looks) => looks + 1);
  };

  // If a text is deleted elsewhere during an edit, the typed text is kept.
  if (isGone && (!content || kept.length === 0)) {
    return (
      <PartsBoundary fallback={<DetailSkeleton />}>
        <MissingText id={id} kept={kept[0] ?? null} onDiscard={discard} />
      </PartsBoundary>
    );
  }
  return (
    <div className="mx-auto max-w-3xl min-[1200px]:max-w-none">
      <BackLink to="/contents">Your texts</BackLink>
      {!content && (
        <PageHeading documentTitle={error ? 'This text cannot be shown' : 'Loading…'} className="mt-2">
          {error ? 'This text cannot be shown' : 'Loading…'}
        </PageHeading>
      )}
      {error && (
        <div className="mt-4">
          <ErrorMessage onRetry={() => void refetch()}>
            {isGone ? 'This text was deleted elsewhere. Copy what you want to keep.' : messageOf(error)}
          </ErrorMessage>
        </div>
      )}
      <PartsBoundary fallback={<DetailSkeleton />}>
        {content && <TextPage content={content} />}
        {!content && !error && <DetailSkeleton />}
      </PartsBoundary>
    </div>
  );
}

/** Loads the parts that will be needed next while the text is loading. */
function usePreloadedParts(): void {
  useEffect(() => {
    preloadRenderer();
    preloadEditor();
  }, []);
}

function DetailSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <div className="skeleton mt-3 h-5 w-72 max-w-full" />
      <div className="skeleton mt-5 h-10 w-80 max-w-full" />
      <div className="card mt-8 px-5 py-7 sm:px-10 sm:py-10">
        <TextSkeleton />
      </div>
    </div>
  );
}
