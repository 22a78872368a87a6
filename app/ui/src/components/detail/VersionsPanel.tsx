import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { contentKeys } from '../../api/contentCache';
import { isFinal } from '../../api/generationStatus';
import { messageOf } from '../../api/errors';
import { getDiff, getVersion, listVersions, type Version, type VersionSource } from '../../api/versions';
import type { Content } from '../../api/types';
import { useUseVersion } from '../../hooks/useUseVersion';
import { timeOfDay } from '../../lib/age';
import { costText } from '../../lib/cost';
import { wordsText } from '../../lib/words';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { ChevronRightIcon } from '../icons';
import { DiffText } from './DiffText';
import { LiveText } from './LiveText';

const SOURCES: Record<VersionSource, string> = {
  generated: 'Written by AI',
  edited: 'You',
  rewritten: 'Rewritten',
  restored: 'Restored',
  partial: 'Stopped',
  refused: 'Not good enough',
};

/** All versions of the text, each with its changes and a button to restore it. */
export default function VersionsPanel({ content }: { content: Content }) {
  const { id, version, revision } = content;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...contentKeys.detail(id), 'versions', version, revision],
    queryFn: ({ pageParam, signal }) => listVersions(id, pageParam, signal),
    // The list is reloaded after each save; opened entries stay open.
    placeholderData: keepPreviousData,
    initialPageParam: 1,
    getNextPageParam: ({ pagination }) => (pagination.page < pagination.totalPages ? pagination.page + 1 : undefined),
  });
  const versions = data?.pages.flatMap((page) => page.versions) ?? [];

  if (error) return <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>;
  if (!data) return <p className="text-sm text-muted">Loading…</p>;
  if (versions.length === 0) return <p className="text-sm text-muted">Every change and every rewrite appears here.</p>;
  return (
    <>
      <ol className="space-y-2.5">
        {versions.map((each, index) => (
          <VersionItem key={each.number} content={content} version={each} before={versions[index + 1]?.number ?? null} />
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </>
  );
}

interface VersionItemProps {
  content: Content;
  version: Version;
  /** The number of the previous version, for the comparison. */
  before: number | null;
}

function VersionItem({ content, version, before }: VersionItemProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="rounded-xl border border-line bg-surface">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-11 w-full flex-wrap items-center gap-x-2 gap-y-0.5 rounded-xl px-3 py-2 text-left text-sm hover:bg-sunken"
      >
        <ChevronRightIcon className={`size-4 text-muted transition-transform ${isOpen ? 'rotate-90' : ''}`} />
        <span className="font-semibold">{`v${version.number}`}</span>
        <span className="font-semibold">{SOURCES[version.source]}</span>
        <span className="ml-auto text-muted">
          <time dateTime={version.createdAt}>{timeOfDay(version.createdAt)}</time>
        </span>
        <span className="w-full pl-6 text-muted">{[wordsText(version.words), costText(version.usage)].filter(Boolean).join(' · ')}</span>
      </button>
      {isOpen && <VersionDetails content={content} version={version} before={before} />}
    </li>
  );
}

function VersionDetails({ content, version, before }: VersionItemProps) {
  const [showsChanges, setShowsChanges] = useState(false);
  const use = useUseVersion(content);
  const key = [...contentKeys.details, content.id, 'version', version.number];
  const text = useQuery({ queryKey: key, queryFn: ({ signal }) => getVersion(content.id, version.number, signal), staleTime: Infinity });
  const diff = useQuery({
    queryKey: [...key, 'since', before],
    queryFn: ({ signal }) => getDiff(content.id, before ?? 0, version.number, signal),
    enabled: showsChanges && before !== null,
    staleTime: Infinity,
  });
  const error = text.error ?? diff.error;
  const isWorkingText = text.data?.text === content.generatedText;

  return (
    <div className="border-t border-line px-3 py-3">
      <div className="flex flex-wrap gap-2">
        {before !== null && (
          <Button aria-pressed={showsChanges} onClick={() => setShowsChanges(!showsChanges)}>
            {showsChanges ? 'Show the text' : 'Show changes'}
          </Button>
        )}
        {text.data && !isWorkingText && isFinal(content.generationStatus) && (
          <Button look="primary" busy={use.isPending} onClick={() => use.mutate(version.number)}>
            Restore
          </Button>
        )}
        {isWorkingText && <p className="self-center text-sm font-semibold text-muted">This is the text now.</p>}
      </div>
      {error && (
        <div className="mt-3">
          <ErrorMessage>{messageOf(error)}</ErrorMessage>
        </div>
      )}
      {/* It scrolls by itself, also with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label={`Version ${version.number}`} tabIndex={0} dir="auto" className="version-text mt-3 max-h-96 overflow-y-auto rounded-lg bg-paper p-3">
        {showsChanges && diff.data && <DiffText changes={diff.data} />}
        {!showsChanges && text.data && <LiveText text={text.data.text} title={content.title} isGrowing={false} />}
      </div>
    </div>
  );
}
