import { Suspense, useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';

import { isFinal } from '../api/contentCache';
import { isStatus, messageOf } from '../api/errors';
import type { Content } from '../api/types';
import { BackLink } from '../components/BackLink';
import { Button } from '../components/Button';
import { Editor } from '../components/detail/Editor';
import '../components/detail/live.css';
import { MissingText } from '../components/detail/MissingText';
import { ReadingView } from '../components/detail/ReadingView';
import { preloadRenderer } from '../components/detail/RenderedText';
import { PanelDrawer, SidePanel, type PanelTab } from '../components/detail/SidePanel';
import { TextSkeleton } from '../components/detail/TextSkeleton';
import { ErrorMessage } from '../components/ErrorMessage';
import { KeptDraft } from '../components/KeptDraft';
import { lazyPart } from '../components/lazyPart';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { useContent } from '../hooks/useContent';
import { useKeptEdits } from '../hooks/useEditDraft';
import { useGenerationActions } from '../hooks/useGenerationActions';
import { useRewriting } from '../hooks/useRewriting';
import { useWide } from '../hooks/useWide';
import { forgetDraft, type Draft } from '../lib/drafts';

const RequestPanel = lazyPart(() => import('../components/detail/RequestPanel'));
const VersionsPanel = lazyPart(() => import('../components/detail/VersionsPanel'));
const ChecksPanel = lazyPart(() => import('../components/detail/ChecksPanel'));

export default function ContentDetail() {
  const { id = '' } = useParams();
  // Another piece is another page: nothing of an edit may carry over.
  return <Detail key={id} id={id} />;
}

/** Whether the text is being edited, and which unsaved edit it goes on from. */
type Editing = { from: Draft | null } | null;

function Detail({ id }: { id: string }) {
  const { data: content, error, refetch } = useContent(id);
  const { id: userId } = useUser();
  const [editing, setEditing] = useState<Editing>(null);
  const { kept, lookAgain } = useKeptEdits(userId, id);
  const notices = useNotices();
  usePreloadedParts();
  useFocusBackOnEdit(editing !== null);

  const endEdit = (saved: boolean) => {
    setEditing(null);
    lookAgain();
    if (saved) notices.show({ text: 'Saved.' });
  };
  const discard = (draft: Draft) => {
    forgetDraft(draft);
    lookAgain();
  };

  // A text that is deleted elsewhere while somebody edits it leaves them what they typed.
  if (isStatus(error, 404) && !editing) return <MissingText kept={kept[0] ?? null} onDiscard={discard} />;
  const title = content?.title ?? (error ? 'This text cannot be shown' : 'Loading…');

  return (
    <div className="mx-auto max-w-3xl min-[1200px]:max-w-none">
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle={title} className="mt-3">
        {editing ? 'Edit' : title}
      </PageHeading>
      {error && (
        <div className="mt-6">
          <ErrorMessage onRetry={() => void refetch()}>
            {isStatus(error, 404) ? 'This text was deleted elsewhere. Copy what you want to keep.' : messageOf(error)}
          </ErrorMessage>
        </div>
      )}
      {content && !editing && (
        <Reading content={content} kept={kept[0] ?? null} onEdit={(from) => setEditing({ from })} onDiscard={discard} />
      )}
      {content && editing && <Editor content={content} draft={editing.from} onDone={endEdit} />}
      {!content && !error && <DetailSkeleton />}
    </div>
  );
}

interface ReadingProps {
  content: Content;
  kept: Draft | null;
  onEdit: (from: Draft | null) => void;
  onDiscard: (draft: Draft) => void;
}

function Reading({ content, kept, onEdit, onDiscard }: ReadingProps) {
  const canEdit = isFinal(content.generationStatus);
  const actions = useGenerationActions(content);
  const rewriting = useRewriting(content);
  const [tab, setTab] = useState<PanelTab>('request');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const isWide = useWide();
  const editRequest = () => {
    setTab('request');
    if (isWide) document.getElementById('request-prompt')?.focus();
    else setDrawerOpen(true);
  };
  const pages = [
    { tab: 'request' as const, label: 'Request', content: <Suspense fallback={<Loader />}><RequestPanel content={content} actions={actions} onSent={() => setDrawerOpen(false)} /></Suspense> },
    { tab: 'versions' as const, label: 'Versions', content: <Suspense fallback={<Loader />}><VersionsPanel content={content} /></Suspense> },
    { tab: 'checks' as const, label: 'Checks', content: <Suspense fallback={<Loader />}><ChecksPanel content={content} rewriting={rewriting} /></Suspense> },
  ];
  const panel = { pages, tab, onTab: setTab };

  return (
    <div className="min-[1200px]:grid min-[1200px]:grid-cols-[minmax(0,1fr)_21rem] min-[1200px]:items-start min-[1200px]:gap-8">
      <div className="min-w-0">
        {kept && canEdit && (
          <KeptDraft
            draft={kept}
            message="Your unsaved edit is kept on this device."
            takeUp="Restore"
            onTakeUp={() => onEdit(kept)}
            onDiscard={() => onDiscard(kept)}
          />
        )}
        <ReadingView
          content={content}
          actions={actions}
          canEdit={canEdit}
          onEdit={() => onEdit(null)}
          onEditRequest={editRequest}
          onWriteByHand={() => onEdit(null)}
        />
        {!isWide && (
          <Button className="mt-8" onClick={() => setDrawerOpen(true)}>
            Request, versions, checks
          </Button>
        )}
      </div>
      {isWide && (
        <aside aria-label="About this text" className="mt-3">
          <SidePanel {...panel} />
        </aside>
      )}
      {!isWide && isDrawerOpen && <PanelDrawer {...panel} onClose={() => setDrawerOpen(false)} />}
    </div>
  );
}

/** Fetches what will be needed next while the text is still awaited. */
function usePreloadedParts(): void {
  useEffect(() => {
    preloadRenderer();
    Editor.preload();
  }, []);
}

/** After an edit the focus goes back to the button that began it. */
function useFocusBackOnEdit(editing: boolean): void {
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) document.getElementById('edit')?.focus();
    wasEditing.current = editing;
  }, [editing]);
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
