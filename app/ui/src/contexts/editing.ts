import { createContext, useContext } from 'react';

import type { EditorHandle } from '../components/editor/handle';

/** What the page of a text shares with its parts while the text is being edited. */
export interface Editing {
  /** The open editor; null while there is none, such as while the text is being written by AI. */
  editor: EditorHandle | null;
  /** Saves unsaved changes before something else replaces the text. Returns the revision; throws if the server rejects them. */
  saveNow: () => Promise<number | undefined>;
}

export const EditingContext = createContext<Editing>({ editor: null, saveNow: () => Promise.resolve(undefined) });

export function useEditing(): Editing {
  return useContext(EditingContext);
}
