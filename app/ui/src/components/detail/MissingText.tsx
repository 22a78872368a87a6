import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { contentKeys, storeContent } from '../../api/contentCache';
import { isStatus, messageOf } from '../../api/errors';
import { getTrashed, untrash } from '../../api/library';
import type { ListedContent } from '../../api/types';
import { useNotices } from '../../contexts/notices';
import type { Draft } from '../../lib/drafts';
import { BackLink } from '../BackLink';
import { Button, ButtonLink } from '../Button';
import { EmptyState } from '../EmptyState';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { PageHeading } from '../PageHeading';
import { RenderedText } from './RenderedText';

interface MissingTextProps {
  id: string;
  /** An edit of the text that was never saved. */
  kept: Draft | null;
  onDiscard: (draft: Draft) => void;
}

/** Shown when the text was deleted: what is in the trash can be read and restored. With the unsaved edit if there is one. */
export default function MissingText({ id, kept, onDiscard }: MissingTextProps) {
  const { data: trashed, isPending, error, refetch } = useTrashed(id);
  if (isPending) return <Loader label="Looking in the trash" />;
  return (
    <div className="mx-auto max-w-3xl">
      {trashed && <Trashed content={trashed} />}
      {trashed === null && <NotFound />}
      {trashed === undefined && <Unknown error={error} onRetry={() => void refetch()} />}
      {kept && <KeptWords draft={kept} onDiscard={onDiscard} />}
    </div>
  );
}

/** The text in the trash; null if it is not there. */
function useTrashed(id: string) {
  return useQuery({ queryKey: contentKeys.trashed(id), queryFn: ({ signal }) => getTrashed(id, signal), gcTime: 0 });
}

/** It could not be looked up. */
function Unknown({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <>
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="This text cannot be shown" className="mt-3 mb-4">
        This text cannot be shown
      </PageHeading>
      <ErrorMessage onRetry={onRetry}>{messageOf(error)}</ErrorMessage>
    </>
  );
}

function NotFound() {
  return (
    <>
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="Text not found" className="mt-3 mb-8">
        Text not found
      </PageHeading>
      <EmptyState title="We can't find this text" action={<ButtonLink to="/contents">Go to library</ButtonLink>}>
        It was deleted, or it belongs to another account.
      </EmptyState>
    </>
  );
}

function Trashed({ content: { id, title, generatedText, truncated = false } }: { content: ListedContent }) {
  const queries = useQueryClient();
  const notices = useNotices();
  const restoring = useMutation({
    mutationFn: () => untrash(id),
    onSuccess: (content) => storeContent(queries, content),
    onError: (error) => {
      // It has been restored or deleted elsewhere in the meantime.
      if (isStatus(error, 409) || isStatus(error, 404)) void queries.invalidateQueries({ queryKey: contentKeys.all });
      else notices.show({ text: messageOf(error) });
    },
  });
  return (
    <>
      <BackLink to="/contents?trash=true">Trash</BackLink>
      <PageHeading documentTitle={title} className="mt-3">
        <bdi>{title}</bdi>
      </PageHeading>
      <div role="status" className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl bg-sunken px-4 py-3 text-sm">
        <p className="min-w-0 flex-1 basis-48">This text is in the trash.</p>
        <Button look="primary" busy={restoring.isPending} onClick={() => restoring.mutate()}>
          Restore
        </Button>
      </div>
      {generatedText.trim() !== '' && (
        <article aria-label="The text" dir="auto" className="card mt-4 px-5 py-6 sm:px-10 sm:py-9">
          <RenderedText text={generatedText} title={title} />
          {truncated && (
            <p dir="ltr" className="mt-6 text-sm text-muted">
              Only the beginning is shown; restore it to read the rest.
            </p>
          )}
        </article>
      )}
    </>
  );
}

function KeptWords({ draft, onDiscard }: { draft: Draft; onDiscard: (draft: Draft) => void }) {
  const words = [draft.values.title, draft.values.generatedText, draft.values.prompt].filter(Boolean).join('\n\n');
  return (
    <section aria-label="Kept on this device" className="mt-8">
      <label htmlFor="kept" className="text-sm font-semibold">
        Your unsaved edit is kept on this device.
      </label>
      <textarea id="kept" readOnly dir="auto" rows={12} value={words} className="input mt-2 font-serif text-lg" />
      <Button look="danger" className="mt-3" onClick={() => onDiscard(draft)}>
        Discard
      </Button>
    </section>
  );
}
