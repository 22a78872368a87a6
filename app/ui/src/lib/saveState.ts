/** Whether what is written is saved, and what saving it needs. */

import type { Content, ContentChanges } from '../api/types';
import type { Writing } from './writing';

export type SaveState =
  | { name: 'saved'; at: string }
  | { name: 'unsaved' }
  | { name: 'saving' }
  /** The server cannot be reached: it is tried again. */
  | { name: 'away'; message: string }
  | { name: 'refused'; message: string }
  /** The whole text was taken out: saved only when that is meant. */
  | { name: 'empty' }
  | { name: 'conflict'; theirs: Content };

/** What the saver needs of the server and of the device. */
export interface Surroundings {
  put: (changes: ContentChanges, revision: number | undefined) => Promise<Content>;
  get: () => Promise<Content>;
  /** Keeps the text that the server has as a version. */
  keepVersion: () => Promise<unknown>;
  /** Keeps unsaved fields on the device, with what they go on from. */
  keep: (fields: Partial<Writing>, base: string) => void;
  forget: () => void;
  /** Leaves what is kept where it will be offered, and makes room. */
  setAside: () => void;
}
