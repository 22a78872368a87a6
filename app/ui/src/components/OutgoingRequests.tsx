import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';

import { storeContent } from '../api/contentCache';
import { generateContent } from '../api/contents';
import { isPassing, isStatus, messageOf } from '../api/errors';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { useOnline } from '../hooks/useOnline';
import { newTextOf, requestOf } from '../lib/newText';
import { forgetOutgoing, outgoingOf, refuseOutgoing, useOutgoing, type Outgoing } from '../lib/outgoing';

const AGAIN_MS = 10_000;

/** Sends stored requests as soon as the network is back or the queue has room, on any page. */
export default function OutgoingRequests() {
  const { id: userId } = useUser();
  const isOnline = useOnline();
  const waiting = useOutgoing(userId);
  const hasWaiting = waiting.length > 0;
  // A request that was just rejected because of a full queue is not retried at once.
  const isUrgent = waiting.some(({ obstacle }) => obstacle === 'offline');
  const sendAll = useSending(userId);

  useEffect(() => {
    if (!hasWaiting || !isOnline) return;
    if (isUrgent) void sendAll();
    const timer = setInterval(() => void sendAll(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [hasWaiting, isOnline, isUrgent, sendAll]);

  return null;
}

function useSending(userId: string): () => Promise<void> {
  const queries = useQueryClient();
  const notices = useNotices();
  const isSending = useRef(false);

  /** Whether the next one may be tried. */
  const sendOne = useCallback(
    async (outgoing: Outgoing): Promise<boolean> => {
      const body = requestOf(newTextOf(outgoing.values));
      try {
        const content = await generateContent(body, outgoing.key);
        forgetOutgoing(outgoing);
        storeContent(queries, content);
        notices.show({ subject: content.title, text: 'was sent.', link: { to: `/contents/${content.id}`, label: 'Watch it' } });
        return true;
      } catch (error) {
        // Offline, queue full or logged out: the request stays stored until that changes.
        if (isPassing(error) || isStatus(error, 401) || isStatus(error, 409)) return false;
        // Taken back into the form in the meantime.
        if (!outgoingOf(userId).some(({ key }) => key === outgoing.key)) return true;
        refuseOutgoing(userId, outgoing);
        notices.show({ subject: body.title, text: `could not be sent: ${messageOf(error)}`, link: { to: '/contents/new', label: 'Open the form' } });
        return true;
      }
    },
    [queries, notices, userId],
  );

  return useCallback(async () => {
    if (isSending.current) return;
    isSending.current = true;
    try {
      for (const outgoing of outgoingOf(userId)) if (!(await sendOne(outgoing))) break;
    } finally {
      isSending.current = false;
    }
  }, [sendOne, userId]);
}
