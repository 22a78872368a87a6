/** The save state of a text, and what the saver needs. */

import type { Content, ContentChanges } from '../api/types';
import type { Writing } from './writing';

export type SaveState =
  | { name: 'saved'; at: string }
  | { name: 'unsaved' }
  | { name: 'saving' }
  /** The server cannot be reached; saving is retried. */
  | { name: 'away'; message: string }
  | { name: 'refused'; message: string }
  /** The text was emptied; saved only after confirmation. */
  | { name: 'empty' }
  | { name: 'conflict'; theirs: Content };

/** What the saver needs from the server and from the device. */
export interface Surroundings {
  put: (changes: ContentChanges, revision: number | undefined) => Promise<Content>;
  get: () => Promise<Content>;
  /** Saves the server's text as a version. */
  keepVersion: () => Promise<unknown>;
  /** Stores unsaved fields on the device, with the revision they are based on. Returns false if the device did not keep them. */
  keep: (fields: Partial<Writing>, base: string) => boolean;
  forget: () => void;
  /** Puts the draft aside, where it will be offered. Returns false if the device did not keep it. */
  setAside: () => boolean;
  /** Says that the text is being written again, and that the unsaved one was put aside. */
  tellOfGivingWay: () => void;
}
