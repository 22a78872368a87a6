import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';

import { isFinal } from '../api/contentCache';
import { isStatus, messageOf } from '../api/errors';
import { BackLink } from '../components/BackLink';
import { ButtonLink } from '../components/Button';
import { ReadingView } from '../components/detail/ReadingView';
import { TextSkeleton } from '../components/detail/TextSkeleton';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { useNotices } from '../contexts/notices';
import { useContent } from '../hooks/useContent';

const EditForm = lazy(() => import('../components/detail/EditForm'));

export default function ContentDetail() {
  const { id = '' } = useParams();
  // Another piece is another page: nothing of an edit may carry over.
  return <Detail key={id} id={id} />;
}

function Detail({ id }: { id: string }) {
  const { data: content, error, refetch } = useContent(id);
  const [editing, setEditing] = useState(false);
  const notices = useNotices();
  usePreloadedRenderer();
  useFocusBackOnEdit(editing);

  const endEdit = (saved: boolean) => {
    setEditing(false);
    if (saved) notices.show({ text: 'Saved.' });
  };

  if (isStatus(error, 404)) return <Missing />;
  const title = content?.title ?? (error ? 'This text cannot be shown' : 'Loading…');

  return (
    <div className="mx-auto max-w-3xl">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle={title} className="mt-3">
        {editing ? 'Edit' : title}
      </PageHeading>
      {error && (
        <div className="mt-6">
          <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>
        </div>
      )}
      {content && !editing && (
        <ReadingView content={content} canEdit={isFinal(content.generationStatus)} onEdit={() => setEditing(true)} />
      )}
      {content && editing && (
        <Suspense fallback={<Loader />}>
          <EditForm content={content} onDone={endEdit} />
        </Suspense>
      )}
      {!content && !error && <DetailSkeleton />}
    </div>
  );
}

/** After an edit the focus goes back to the button that began it. */
function useFocusBackOnEdit(editing: boolean): void {
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) document.getElementById('edit')?.focus();
    wasEditing.current = editing;
  }, [editing]);
}

/** Fetches the Markdown renderer while the text is still awaited. */
function usePreloadedRenderer(): void {
  useEffect(() => {
    import('../components/MarkdownText').catch(() => undefined);
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

function Missing() {
  return (
    <div className="mx-auto max-w-3xl">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="Text not found" className="mt-3 mb-8">
        Text not found
      </PageHeading>
      <EmptyState title="It is not here" action={<ButtonLink to="/contents">To your texts</ButtonLink>}>
        It was deleted, or it belongs to another account.
      </EmptyState>
    </div>
  );
}
