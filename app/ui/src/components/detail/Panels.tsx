import type { Content, Finding } from '../../api/types';
import { useEditing } from '../../contexts/editing';
import { useEditorRewriting } from '../../hooks/useEditorRewriting';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useRewriting } from '../../hooks/useRewriting';
import { useShownPlaces } from '../../hooks/useShownPlaces';
import type { SavedText } from '../../hooks/useTextSaver';
import { lazyPart } from '../lazyPart';
import { Loader } from '../Loader';
import { PartsBoundary } from '../PartsBoundary';
import { SelectionRewriting } from '../rewriting/SelectionRewriting';
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
  /** Whether the panels fit beside the text; otherwise they are in a drawer. */
  isWide: boolean;
  isOpen: boolean;
  onClose: () => void;
}

/** The panels for the text's request, versions and checks. */
export default function Panels({ content, text, isEdited, actions, tab, onTab, isWide, isOpen, onClose }: PanelsProps) {
  const rewriting = useRewriting(content);
  const { editor } = useEditing();
  useEditorRewriting(content.id, rewriting, isEdited ? editor : null, text.saver);
  const showPlaces = useShownPlaces(editor);
  /** Closes the drawer, so that the shown place is visible and has the focus. */
  const show = (finding: Finding) => {
    if (!isWide) onClose();
    requestAnimationFrame(() => showPlaces(finding, content.generatedText));
  };
  const pages = [
    { tab: 'request' as const, label: 'Request', content: <PartsBoundary fallback={<Loader />}><RequestPanel content={content} actions={actions} onSent={onClose} /></PartsBoundary> },
    { tab: 'versions' as const, label: 'Versions', content: <PartsBoundary fallback={<Loader />}><VersionsPanel content={content} /></PartsBoundary> },
    { tab: 'checks' as const, label: 'Checks', content: <PartsBoundary fallback={<Loader />}><ChecksPanel content={content} rewriting={rewriting} onShow={isEdited && editor ? show : undefined} /></PartsBoundary> },
  ];
  const panel = { pages, tab, onTab };
  return (
    <>
      {isEdited && editor && <SelectionRewriting editor={editor} rewriting={rewriting} />}
      {isWide && (
        <aside aria-label="About this text" className="mt-4">
          <SidePanel {...panel} />
        </aside>
      )}
      {!isWide && isOpen && <PanelDrawer {...panel} onClose={onClose} />}
    </>
  );
}
