/** Changes of many texts, in portions, and how their outcome is said. Loaded with the first change. */

import { isStatus } from '../api/errors';
import { generateAgain } from '../api/generation';
import { changeMany, failedIds, IDS_A_CALL, idsWithTag, inPortions, type BulkAction } from '../api/library';
import { againRefused } from './againRefused';
import { textsSaid } from './words';

/** `again` tries those again that could not be written. */
export type BulkDeed = BulkAction | 'again';

export interface Change {
  ids: readonly string[];
  action: BulkDeed;
  tag: string | undefined;
}

export interface Progress {
  done: number;
  total: number;
}

interface Result {
  done: string[];
  /** Those that have left the list, or are being written. */
  gone: string[];
  /** Those that Undo changes back. */
  undoable: string[];
  /** Why it stopped before the end. */
  problem: string | null;
}

export const UNDO: Partial<Record<BulkDeed, BulkAction>> = { trash: 'untrash', untrash: 'trash', tag: 'untag', untag: 'tag' };

/** Carries out a change as far as it goes. */
export async function changeAll(change: Change, onProgress: (progress: Progress) => void): Promise<Result> {
  const { ids, action, tag = '' } = change;
  const done: string[] = [];
  const gone: string[] = [];
  let had: ReadonlySet<string> = new Set();
  let problem: string | null = null;
  try {
    if (action === 'again') {
      await tryAllAgain(ids, done, onProgress);
    } else {
      if (action === 'tag') had = await idsWithTag(ids, tag);
      for (const some of inPortions(ids, IDS_A_CALL)) {
        if (ids.length > IDS_A_CALL) onProgress({ done: done.length, total: ids.length });
        done.push(...(await changeMany(some, action, change.tag)));
        if (action !== 'tag' && action !== 'untag') gone.push(...some);
      }
    }
  } catch (error) {
    problem = againRefused(error);
  }
  return { done, gone: action === 'again' ? done : gone, undoable: done.filter((id) => !had.has(id)), problem };
}

/** One request a text, because each has its place in the line and in the limits. What has changed or gone meanwhile is left alone. */
async function tryAllAgain(ids: readonly string[], done: string[], onProgress: (progress: Progress) => void): Promise<void> {
  const failed = await failedIds(ids);
  for (const id of failed) {
    onProgress({ done: done.length, total: failed.length });
    try {
      await generateAgain(id);
      done.push(id);
    } catch (error) {
      if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
    }
  }
}

const SAID: Record<BulkDeed, (texts: string, tag: string) => string> = {
  trash: (texts) => `${texts} moved to the trash.`,
  untrash: (texts) => `${texts} restored.`,
  purge: (texts) => `${texts} deleted for good.`,
  tag: (texts, tag) => `${texts} tagged “${tag}”.`,
  untag: (texts, tag) => `“${tag}” removed from ${texts}.`,
  again: (texts) => `Trying ${texts} again.`,
};

/** What became of a change, in a sentence or two. */
export function outcomeOf({ ids, action, tag = '' }: Change, done: number, problem: string | null): string {
  if (problem !== null && done === 0) return problem;
  const said = SAID[action](textsSaid(done), tag);
  if (problem !== null) return `${said} Then it stopped: ${problem}`;
  const left = ids.length - done;
  if (left === 0) return said;
  return `${done > 0 ? `${said} ` : ''}${leftSaid(left, action)}`;
}

function leftSaid(left: number, action: BulkDeed): string {
  if (action === 'again') return `${textsSaid(left)} left alone: only what could not be written is tried again.`;
  if (action !== 'tag') return `${textsSaid(left)} left alone: changed elsewhere in the meantime.`;
  const [was, why] = left === 1 ? ['was', 'it may already have ten tags, or it has been deleted'] : ['were', 'they may already have ten tags, or they have been deleted'];
  return `${textsSaid(left)} ${was} not tagged: ${why}.`;
}
