import { useCallback, useEffect, useRef } from 'react';

import type { BatchEnding, Ending } from '../realtime/events';
import { useNotices, type Notice } from './notices';

const TOGETHER_MS = 1_000;

/** Shows notices for ended generations. Those that end in the same second share one notice. */
export function useEndingNotices(): (ending: Ending) => void {
  const notices = useNotices();
  const endings = useRef<Ending[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  return useCallback(
    (ending: Ending) => {
      endings.current.push(ending);
      if (endings.current.length > 1) return;
      timer.current = setTimeout(() => {
        notices.show(noticeOf(endings.current));
        endings.current = [];
      }, TOGETHER_MS);
    },
    [notices],
  );
}

export function noticeOf(endings: Ending[]): Notice {
  const [first] = endings;
  if (first && endings.length === 1) return noticeOfOne(first);
  const failed = endings.filter(({ succeeded }) => !succeeded).length;
  const ready = endings.length - failed;
  const parts = [ready > 0 && `${texts(ready)} ready`, failed > 0 && `${failed} could not be written`].filter(Boolean);
  return { text: `${parts.join(', ')}.`, link: { to: failed > 0 ? '/contents?generation=failed' : '/contents', label: failed > 0 ? 'See why' : 'Go to library' } };
}

/** One notice per batch, however many rows it has. */
export function noticeOfBatch({ batchId, counts }: BatchEnding): Notice {
  const { total, completed, failed, cancelled } = counts;
  const rest = [failed > 0 && `${failed} could not be written`, cancelled > 0 && `${cancelled} cancelled`].filter(Boolean);
  const ready = completed === total ? (total === 1 ? 'The text of your batch is ready.' : `All ${total} texts of your batch are ready.`) : `Your batch is done: ${[`${completed} of ${total} texts are ready`, ...rest].join(', ')}.`;
  return { text: ready, link: { to: `/bulk/${batchId}`, label: failed > 0 ? 'See which' : 'Open batch' } };
}

function noticeOfOne({ contentId, title, succeeded }: Ending): Notice {
  const how = succeeded ? 'is ready.' : 'could not be written.';
  return {
    ...(title === null ? { text: `A text ${how}` } : { subject: title, text: how }),
    link: { to: `/contents/${contentId}`, label: succeeded ? 'Read it' : 'See why' },
  };
}

function texts(count: number): string {
  return count === 1 ? '1 text is' : `${count} texts are`;
}
