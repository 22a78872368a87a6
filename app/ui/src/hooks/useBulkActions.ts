import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { contentKeys } from '../api/contentCache';
import { exportContent } from '../api/contents';
import { messageOf } from '../api/errors';
import { changeMany, downloadTexts, IDS_A_CALL, idsWithTag, inPortions, MOST_EXPORTED, type BulkAction } from '../api/library';
import { useNotices } from '../contexts/notices';
import type { ExportFormat } from '../lib/exportFormats';
import { textsSaid } from '../lib/words';

const UNDO: Partial<Record<BulkAction, BulkAction>> = { trash: 'untrash', untrash: 'trash', tag: 'untag', untag: 'tag' };

const SAID: Record<BulkAction, (texts: string, tag: string) => string> = {
  trash: (texts) => `${texts} moved to the trash.`,
  untrash: (texts) => `${texts} restored.`,
  purge: (texts) => `${texts} deleted for good.`,
  tag: (texts, tag) => `${texts} tagged “${tag}”.`,
  untag: (texts, tag) => `“${tag}” removed from ${texts}.`,
};

export interface Busy {
  action: BulkAction | 'export';
  ids: readonly string[];
}

interface Progress {
  done: number;
  total: number;
}

/**
 * Bulk actions on texts, one at a time, with a notice of the result and Undo where possible: what is started while another
 * runs is not, but Undo waits. `onGone` hears which texts have left the list.
 */
export function useBulkActions(onGone: (ids: readonly string[]) => void) {
  const queries = useQueryClient();
  const notices = useNotices();
  const { busy, alone, afterwards } = useTurns();
  const [progress, setProgress] = useState<Progress | null>(null);

  const carryOut = async ({ ids, action, tag }: Change): Promise<boolean> => {
    const { done, settled, had, problem } = await changeAll({ ids, action, tag }, setProgress);
    setProgress(null);
    if (action !== 'tag' && action !== 'untag') onGone(settled);
    const back = UNDO[action];
    const changed = done.filter((id) => !had.has(id));
    notices.show({
      text: outcomeOf(action, { done: done.length, asked: ids.length, problem, tag }),
      action: back && changed.length > 0 ? { label: 'Undo', run: () => void afterwards(() => change(changed, back, tag)) } : undefined,
    });
    await queries.invalidateQueries({ queryKey: contentKeys.all });
    return done.length === ids.length;
  };
  /** Resolves to whether every text was changed. */
  const change = (ids: readonly string[], action: BulkAction, tag?: string) => alone({ action, ids }, () => carryOut({ ids, action, tag }));

  const takeAway = async (ids: readonly string[], format: ExportFormat): Promise<void> => {
    const [only] = ids;
    if (only === undefined) return;
    if (ids.length > MOST_EXPORTED) {
      notices.show({ text: `A download holds at most ${MOST_EXPORTED} texts, and ${ids.length.toLocaleString('en')} are selected. Select fewer, for example with the filters.` });
      return;
    }
    const failed = (error: unknown) => notices.show({ text: messageOf(error) });
    await alone({ action: 'export', ids }, () => (ids.length === 1 ? exportContent(only, format) : downloadTexts(ids, format)).catch(failed));
  };

  return { busy, progress, change, takeAway };
}

export type BulkActions = ReturnType<typeof useBulkActions>;

/** Runs one thing at a time. `alone` does nothing while another runs; `afterwards` waits until none does. */
function useTurns() {
  const [busy, setBusy] = useState<Busy | null>(null);
  const running = useRef<Promise<unknown>>(null);

  const alone = async <T>(what: Busy, run: () => Promise<T>): Promise<T | null> => {
    if (running.current) return null;
    setBusy(what);
    const result = run().finally(() => {
      running.current = null;
      setBusy(null);
    });
    running.current = result;
    return result;
  };
  const afterwards = async (run: () => Promise<unknown>): Promise<void> => {
    while (running.current) await running.current;
    await run();
  };
  return { busy, alone, afterwards };
}

interface Change {
  ids: readonly string[];
  action: BulkAction;
  tag: string | undefined;
}

/** Applies changes in chunks. `settled` are those that were answered for, done or not; `had` already had the tag, which Undo keeps. */
async function changeAll({ ids, action, tag }: Change, onProgress: (progress: Progress) => void) {
  const done: string[] = [];
  const settled: string[] = [];
  let had: ReadonlySet<string> = new Set();
  let problem: string | null = null;
  try {
    if (action === 'tag') had = await idsWithTag(ids, tag ?? '');
    for (const some of inPortions(ids, IDS_A_CALL)) {
      if (ids.length > IDS_A_CALL) onProgress({ done: done.length, total: ids.length });
      done.push(...(await changeMany(some, action, tag)));
      settled.push(...some);
    }
  } catch (error) {
    problem = messageOf(error);
  }
  return { done, settled, had, problem };
}

interface Outcome {
  done: number;
  asked: number;
  problem: string | null;
  tag: string | undefined;
}

function outcomeOf(action: BulkAction, { done, asked, problem, tag = '' }: Outcome): string {
  if (problem !== null && done === 0) return problem;
  const said = SAID[action](textsSaid(done), tag);
  if (problem !== null) return `${said} Then it stopped: ${problem}`;
  const left = asked - done;
  if (left === 0) return said;
  return `${done > 0 ? `${said} ` : ''}${leftSaid(left, action)}`;
}

function leftSaid(left: number, action: BulkAction): string {
  if (action !== 'tag') return `${textsSaid(left)} left alone: changed elsewhere in the meantime.`;
  const [was, why] = left === 1 ? ['was', 'it may already have ten tags, or it has been deleted'] : ['were', 'they may already have ten tags, or they have been deleted'];
  return `${textsSaid(left)} ${was} not tagged: ${why}.`;
}
