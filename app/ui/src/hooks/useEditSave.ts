import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { storeContent } from '../api/contentCache';
import { getContent, updateContent } from '../api/contents';
import { isStatus } from '../api/errors';
import { saveVersion } from '../api/versions';
import type { Content, ContentChanges } from '../api/types';
import { textBase } from '../lib/textBase';

/** What came between: the text as it was saved elsewhere, and what was to be saved here. */
export interface Conflict {
  theirs: Content;
  changes: ContentChanges;
}

/**
 * Saves an edit only over the text that it began with. Where another one was saved meanwhile: an edit of other fields is
 * kept beside it; one of the same fields is a conflict, which a person decides.
 */
export function useEditSave(begun: Content, draftBase: string | null) {
  const queries = useQueryClient();
  const revision = useRef(textBase(begun, draftBase));
  const [conflict, setConflict] = useState<Conflict | null>(null);

  const put = async (changes: ContentChanges): Promise<void> => {
    const saved = await updateContent(begun.id, changes, revision.current);
    revision.current = saved.revision;
    storeContent(queries, saved);
  };

  /** False when it is for the person to decide; then `conflict` says what. Throws what else is refused. */
  const save = async (changes: ContentChanges): Promise<boolean> => {
    try {
      await put(changes);
      return true;
    } catch (error) {
      if (!isStatus(error, 412)) throw error;
    }
    const theirs = await getContent(begun.id);
    const isApart = draftBase === null && (Object.keys(changes) as (keyof ContentChanges)[]).every((field) => theirs[field] === begun[field]);
    if (!isApart) {
      setConflict({ theirs, changes });
      return false;
    }
    revision.current = theirs.revision;
    return save(changes);
  };

  /** Saves what was typed here; the text that it replaces becomes a version first. */
  const keepMine = async ({ theirs, changes }: Conflict): Promise<boolean> => {
    if (changes.generatedText !== undefined && theirs.generatedText.trim() !== '') await saveVersion(begun.id);
    revision.current = theirs.revision;
    setConflict(null);
    return save(changes);
  };

  return { save, keepMine, conflict, setConflict };
}
