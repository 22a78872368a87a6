/** Which contents this tab follows: asked for on every connection, and again when a piece is missing. */

import { addDelta, begin, type Delta } from './liveTexts';

const AGAIN_AFTER_MS = 2_000;
const LEAVE_AFTER_MS = 1_000;

/** Sends an event and waits for its acknowledgement; rejects when there is no connection or none comes. */
export type Ask = (name: 'content:follow' | 'content:unfollow', payload: { contentId: string }) => Promise<unknown>;

export interface Following {
  /** Follows until the returned function is called. */
  follow: (contentId: string) => () => void;
  /** There is a connection, maybe a new one: whatever is followed is asked for again. */
  connected: (ask: Ask) => void;
  disconnected: () => void;
  delta: (payload: unknown) => void;
}

export function createFollowing(): Following {
  const wanted = new Map<string, number>();
  /** Contents whose text so far is under way; true when it has to be asked for once more. Until it comes, pieces are part of it. */
  const asking = new Map<string, boolean>();
  /** null while there is no connection. */
  let ask: Ask | null = null;

  const askFor = (contentId: string) => {
    if (!ask || !wanted.has(contentId)) return;
    if (asking.has(contentId)) {
      asking.set(contentId, true);
      return;
    }
    asking.set(contentId, false);
    const asked = ask;
    const answered = (answer: unknown) => {
      if (asked !== ask) return;
      const isOutdated = asking.get(contentId) ?? false;
      asking.delete(contentId);
      if (isOutdated) askFor(contentId);
      else if (wanted.has(contentId) && isAnswer(answer)) begin(contentId, answer);
    };
    const failed = () => {
      if (asked !== ask) return;
      asking.delete(contentId);
      setTimeout(() => askFor(contentId), AGAIN_AFTER_MS);
    };
    asked('content:follow', { contentId }).then(answered, failed);
  };

  const leave = (contentId: string) => {
    const others = (wanted.get(contentId) ?? 1) - 1;
    if (others > 0) {
      wanted.set(contentId, others);
      return;
    }
    wanted.delete(contentId);
    // Not at once: a page that is drawn anew leaves and comes back, and the server need not take them in that order.
    setTimeout(() => {
      if (!wanted.has(contentId)) ask?.('content:unfollow', { contentId }).catch(() => undefined);
    }, LEAVE_AFTER_MS);
  };

  return {
    follow: (contentId) => {
      wanted.set(contentId, (wanted.get(contentId) ?? 0) + 1);
      askFor(contentId);
      return () => leave(contentId);
    },
    connected: (next) => {
      ask = next;
      asking.clear();
      for (const contentId of wanted.keys()) askFor(contentId);
    },
    disconnected: () => {
      ask = null;
      asking.clear();
    },
    delta: (payload) => {
      if (!isDelta(payload) || !wanted.has(payload.contentId) || asking.has(payload.contentId)) return;
      if (!addDelta(payload)) askFor(payload.contentId);
    },
  };
}

interface Answer {
  ok: true;
  jobId: string | null;
  attempt: number;
  text: string;
}

function isAnswer(answer: unknown): answer is Answer {
  const { ok, attempt, text } = (answer ?? {}) as Partial<Answer>;
  return ok === true && typeof attempt === 'number' && typeof text === 'string';
}

function isDelta(payload: unknown): payload is Delta {
  const { contentId, jobId, attempt, offset, text } = (payload ?? {}) as Partial<Delta>;
  return typeof contentId === 'string' && typeof jobId === 'string' && typeof attempt === 'number' && typeof offset === 'number' && typeof text === 'string';
}
