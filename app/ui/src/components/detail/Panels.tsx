import { Suspense } from 'react';

import type { Content } from '../../api/types';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import type { RewritingOfPage } from '../../hooks/useRewriting';
import { lazyPart } from '../lazyPart';
import { Loader } from '../Loader';
import { PanelDrawer, SidePanel, type PanelTab } from './SidePanel';

const RequestPanel = lazyPart(() => import('./RequestPanel'));
const VersionsPanel = lazyPart(() => import('./VersionsPanel'));
const ChecksPanel = lazyPart(() => import('./ChecksPanel'));

interface PanelsProps {
  content: Content;
  actions: GenerationActions;
  rewriting: RewritingOfPage;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** Room beside the text; otherwise the panels are a drawer that is opened. */
  isWide: boolean;
  isOpen: boolean;
  onClose: () => void;
}

/** What belongs to the text: its request, its versions and its checks. */
export function Panels({ content, actions, rewriting, tab, onTab, isWide, isOpen, onClose }: PanelsProps) {
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
