import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';

import { contentKeys, storeContent } from '../api/contentCache';
import { getContent, updateContent } from '../api/contents';
import { isStatus } from '../api/errors';
import type { Content } from '../api/types';
import { saveVersion } from '../api/versions';
import { useNotices } from '../contexts/notices';
import { draftsOf, forgetDraft, forgetOwnDraft, ownDraft, saveDraft, setOwnDraftAside, type Draft, type DraftPlace, type DraftValues } from '../lib/drafts';
import type { SaveState } from '../lib/saveState';
import { textBase } from '../lib/textBase';
import { TextSaver } from '../lib/textSaver';
import { checkTitle, type Writing } from '../lib/writing';
import { useOfferedDrafts } from './useOfferedDrafts';

export interface SavedText {
  saver: TextSaver;
  state: SaveState;
  typed: Writing;
  /** Unsaved edits of this text on this device that are not in the editor, newest first. */
  offered: Draft[];
  /** False if the browser cannot store drafts. */
  isKept: boolean;
  takeUp: (draft: Draft) => void;
  discard: (draft: Draft) => void;
}

/** Autosaves the text of this page. This tab's unsaved edit is restored; those of other tabs are offered. */
export function useTextSaver(content: Content, userId: string): SavedText {
  const queries = useQueryClient();
  const notices = useNotices();
  const [place] = useState({ userId, text: content.id });
  const [isKept, setKept] = useState(true);
  const [own] = useState(() => editToRestore(content, place));
  const { offered, lookAgain, takeUp, discard } = useOfferedDrafts(place, isKept, isEdit);
  const [saver] = useState(() => {
    const { id } = content;
    const begun = new TextSaver(content, {
      put: async (changes, revision) => {
        try {
          const saved = await updateContent(id, changes, revision);
          storeContent(queries, saved);
          return saved;
        } catch (error) {
          // It is being written again.
          if (isStatus(error, 409)) void queries.invalidateQueries({ queryKey: contentKeys.detail(id) });
          throw error;
        }
      },
      get: () => getContent(id),
      keepVersion: () => saveVersion(id),
      keep: (fields, base) => {
        const isStored = saveDraft(place, { ...fields }, base);
        setKept(isStored);
        return isStored;
      },
      forget: () => forgetOwnDraft(place),
      setAside: () => {
        const aside = setOwnDraftAside(place);
        lookAgain();
        return aside !== null;
      },
      tellOfGivingWay: () => notices.show({ text: 'This text is being written again. Your unsaved edit is kept on this device.' }),
    });
    if (own) begun.takeUp(fieldsOf(own.values), own.base, content);
    return begun;
  });
  const state = useSyncExternalStore(saver.subscribe, () => saver.state);
  const typed = useSyncExternalStore(saver.subscribe, () => saver.typed);
  useEffect(() => saver.receive(content), [saver, content]);
  useSavedWhenLeft(saver);

  const restore = (draft: Draft) => takeUp(draft, (values) => saver.takeUp(fieldsOf(values), draft.base, content));
  return { saver, state, typed, offered, isKept, takeUp: restore, discard };
}

/** Removes edits that are saved: the page was closed before the response arrived. */
function forgetSaved(content: Content, place: DraftPlace): void {
  const isSaved = ([field, value]: [string, string]) => content[field as keyof Writing] === value;
  for (const draft of draftsOf(place)) {
    if (Object.entries(fieldsOf(draft.values)).every(isSaved)) forgetDraft(draft);
  }
}

/** Returns this tab's unsaved edit, unless the text has been changed elsewhere since; then it is offered. */
function editToRestore(content: Content, place: DraftPlace): Draft | null {
  forgetSaved(content, place);
  const own = ownDraft(place);
  if (own === null || textBase(content, own.base) === content.revision) return own;
  setOwnDraftAside(place);
  return null;
}

function isEdit(values: DraftValues): boolean {
  return Object.keys(fieldsOf(values)).length > 0;
}

function fieldsOf({ title, generatedText }: DraftValues): Partial<Writing> {
  return {
    ...(title === undefined || checkTitle(title) !== null ? {} : { title }),
    ...(generatedText === undefined ? {} : { generatedText }),
  };
}

/** Saves when the network is back, another page of the app is opened, or the tab is hidden. */
function useSavedWhenLeft(saver: TextSaver): void {
  useEffect(() => {
    const hide = () => document.visibilityState === 'hidden' && saver.leave();
    window.addEventListener('online', saver.retry);
    document.addEventListener('visibilitychange', hide);
    return () => {
      window.removeEventListener('online', saver.retry);
      document.removeEventListener('visibilitychange', hide);
      saver.leave();
    };
  }, [saver]);
}
