import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';

import { contentKeys } from '../../api/contentCache';
import { getContent } from '../../api/contents';
import type { Content } from '../../api/types';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useRewriting, type RewritingOfPage } from '../../hooks/useRewriting';
import type { SavedText } from '../../hooks/useTextSaver';
import { lazyPart } from '../lazyPart';
import { Loader } from '../Loader';
import { PanelDrawer, SidePanel, type PanelTab } from './SidePanel';

const RequestPanel = lazyPart(() => import('./RequestPanel'));
const VersionsPanel = lazyPart(() => import('./VersionsPanel'));
const ChecksPanel = lazyPart(() => import('./ChecksPanel'));

export interface PanelsProps {
  content: Content;
  text: SavedText;
  /** Whether the text is in an editor. */
  isEdited: boolean;
  actions: GenerationActions;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** Room beside the text; otherwise the panels are a drawer that is opened. */
  isWide: boolean;
  isOpen: boolean;
  onClose: () => void;
}

/** What belongs to the text: its request, its versions and its checks. */
export default function Panels({ content, text, isEdited, actions, tab, onTab, isWide, isOpen, onClose }: PanelsProps) {
  const rewriting = useRewriting(content);
  useRewritingOfEditor(content, text, isEdited, rewriting);
  const pages = [
    { tab: 'request' as const, label: 'Request', content: <Suspense fallback={<Loader />}><RequestPanel content={content} actions={actions} onSent={onClose} /></Suspense> },
    { tab: 'versions' as const, label: 'Versions', content: <Suspense fallback={<Loader />}><VersionsPanel content={content} /></Suspense> },
    { tab: 'checks' as const, label: 'Checks', content: <Suspense fallback={<Loader />}><ChecksPanel content={content} rewriting={rewriting} /></Suspense> },
  ];
  const panel = { pages, tab, onTab };
  if (isWide) {
    return (
      <aside aria-label="About this text" className="mt-4">
        <SidePanel {...panel} />
      </aside>
    );
  }
  return isOpen ? <PanelDrawer {...panel} onClose={onClose} /> : null;
}

/** While the text is in the editor, passages are rewritten in what is saved of it. */
function useRewritingOfEditor({ id }: Content, { saver, typed }: SavedText, isOpen: boolean, { attach, rewriting }: RewritingOfPage): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (isOpen) rewriting.textIs(typed.generatedText);
  }, [isOpen, rewriting, typed.generatedText]);
  useEffect(() => {
    if (!isOpen) return;
    const flush = async () => {
      await saver.saveNow();
      return queries.getQueryData<Content>(contentKeys.detail(id)) ?? getContent(id);
    };
    return attach({ flush, accepted: saver.receive });
  }, [attach, queries, saver, id, isOpen]);
}
