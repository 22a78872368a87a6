import { useEffect, useMemo, useState } from 'react';

import { isFinal } from '../../api/generationStatus';
import type { Content } from '../../api/types';
import { EditingContext } from '../../contexts/editing';
import { useUser } from '../../contexts/auth';
import { useGenerationActions } from '../../hooks/useGenerationActions';
import { useTextSaver, type SavedText } from '../../hooks/useTextSaver';
import { useUnsavedGuard } from '../../hooks/useUnsavedGuard';
import { useWide } from '../../hooks/useWide';
import type { SaveState } from '../../lib/saveState';
import { writingStateOf } from '../../lib/writingState';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import type { EditorHandle } from '../editor/handle';
import { lazyPart } from '../lazyPart';
import { NotKept } from '../NotKept';
import { OfferedDraft } from '../OfferedDraft';
import { PartsBoundary } from '../PartsBoundary';
import { EditorPart } from './EditorPart';
import { LiveView } from './LiveView';
import type { PanelsProps } from './Panels';
import type { PanelTab } from './SidePanel';
import { TextHeader } from './TextHeader';

const Panels = lazyPart<PanelsProps>(() => import('./Panels'));
const TextActions = lazyPart(() => import('./TextActions'));
/** Loaded right after the first load, because it may be needed while offline. */
const ConflictDialog = lazyPart(() => import('../ConflictDialog'));

/** The page of a text: the editor with all actions, or the live view during a generation. */
export default function TextPage({ content }: { content: Content }) {
  const { id: userId } = useUser();
  const text = useTextSaver(content, userId);
  const { saver, typed } = text;
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const [isByHand, setByHand] = useState(false);
  const [tab, setTab] = useState<PanelTab>('request');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [closed, setClosed] = useState<SaveState | null>(null);
  const isWide = useWide();
  const actions = useGenerationActions(content, saver.saveNow);
  const editing = useMemo(() => ({ editor, saveNow: saver.saveNow }), [editor, saver]);
  const isUnderWay = !isFinal(content.generationStatus);
  const isMissing = ['failed', 'cancelled'].includes(writingStateOf(content) ?? '');
  const isEdited = !isUnderWay && (!isMissing || isByHand);

  const editRequest = () => {
    setTab('request');
    if (isWide) document.getElementById('request-prompt')?.focus();
    else setDrawerOpen(true);
  };

  return (
    <EditingContext value={editing}>
      <TextHeader content={content} text={text} canEdit={!isUnderWay} onCompare={() => setClosed(null)} />
      <div className="min-[1200px]:grid min-[1200px]:grid-cols-[minmax(0,1fr)_21rem] min-[1200px]:items-start min-[1200px]:gap-8">
        <div className="min-w-0">
          <div className="mt-4 min-h-10">
            <PartsBoundary fallback={null}>
              <TextActions content={content} typed={typed} saveNow={saver.saveNow} isUnderWay={isUnderWay} actions={actions} onEditRequest={editRequest} />
            </PartsBoundary>
          </div>
          <Offered text={text} canEdit={isEdited} />
          <LiveView content={content} actions={actions} onEditRequest={editRequest} onWriteByHand={() => setByHand(true)} isByHand={isByHand} />
          {isEdited && <EditorPart saver={saver} text={typed.generatedText} title={typed.title} editor={editor} onEditor={setEditor} />}
          {isByHand && <FocusOn editor={editor} />}
          {!isWide && (
            <Button className="mt-6" onClick={() => setDrawerOpen(true)}>
              Request, versions, checks
            </Button>
          )}
        </div>
        <PartsBoundary fallback={null}>
          <Panels
            content={content}
            text={text}
            isEdited={editor !== null}
            actions={actions}
            tab={tab}
            onTab={setTab}
            isWide={isWide}
            isOpen={isDrawerOpen}
            onClose={() => setDrawerOpen(false)}
          />
        </PartsBoundary>
      </div>
      <Questions text={text} closed={closed} onClose={setClosed} />
    </EditingContext>
  );
}

/** Focuses the editor, for writing by hand. */
function FocusOn({ editor }: { editor: EditorHandle | null }) {
  useEffect(() => editor?.focus(), [editor]);
  return null;
}

/** Unsaved edits from earlier or from other tabs. */
function Offered({ text, canEdit }: { text: SavedText; canEdit: boolean }) {
  return (
    <>
      {canEdit && <OfferedDraft drafts={text} message="Your unsaved edit is kept on this device." takeUp="Restore" onTakeUp={text.takeUp} />}
      {!text.isKept && <NotKept />}
    </>
  );
}

interface QuestionsProps {
  text: SavedText;
  /** The conflict whose dialog was dismissed. */
  closed: SaveState | null;
  onClose: (conflict: SaveState) => void;
}

/** The dialogs for conflicts and for leaving with unsaved changes. */
function Questions({ text: { saver, state, typed }, closed, onClose }: QuestionsProps) {
  const isStuck = ['away', 'refused', 'empty', 'conflict'].includes(state.name);
  const guard = useUnsavedGuard(isStuck);
  const [isKeeping, setKeeping] = useState(false);
  useEffect(() => ConflictDialog.preload(), []);
  const keep = async () => {
    setKeeping(true);
    await saver.keepMine();
    setKeeping(false);
  };
  return (
    <PartsBoundary fallback={null}>
      {state.name === 'conflict' && state !== closed && (
        <ConflictDialog
          what="text"
          changedAt={state.theirs.updatedAt}
          theirs={state.theirs.generatedText}
          mine={typed.generatedText}
          busy={isKeeping}
          onKeepMine={() => void keep()}
          onUseTheirs={saver.useTheirs}
          onCancel={() => onClose(state)}
        />
      )}
      {guard.isAsking && (
        <ConfirmDialog title="Leave without saving?" confirm="Leave" cancel="Stay here" onConfirm={guard.leave} onCancel={guard.stay}>
          <p>Your changes are not saved. They are kept on this device, and offered when you open this text again.</p>
        </ConfirmDialog>
      )}
    </PartsBoundary>
  );
}
