import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, type ReactElement } from 'react';
import { useMatch } from 'react-router';

import { batchKeys } from '../api/batchKeys';
import { refetchAll } from '../api/contentCache';
import { webhookKeys } from '../api/webhookKeys';
import { loadPart } from '../lib/loadPart';
import type { BatchEnding, Ending } from '../realtime/events';
import { createFollowing } from '../realtime/following';
import { FollowContext, LiveContext, type Liveness } from './live';
import { useNotices } from './notices';
import { noticeOfBatch, useEndingNotices } from './useEndingNotices';

const LOAD_AGAIN_MS = 15_000;

/** Maintains the socket connection of an authenticated user, and applies its events to the cache. */
export function SocketProvider({ children }: { children: ReactElement }) {
  const [following] = useState(createFollowing);
  const [liveness, setLiveness] = useState<Liveness>('connecting');
  const queries = useQueryClient();
  const openContent = useMatch('/contents/:id')?.params.id;

  const openBatch = useMatch('/bulk/:id')?.params.id;

  const notices = useNotices();
  const announce = useEndingNotices();
  const tell = useEffectEvent((ending: Ending | BatchEnding) => {
    if ('counts' in ending) {
      if (ending.batchId !== openBatch) notices.show(noticeOfBatch(ending));
    } else if (ending.batchId === null && ending.contentId !== openContent) announce(ending);
  });

  const tellOfWebhook = useEffectEvent(() => {
    void queries.invalidateQueries({ queryKey: webhookKeys.list });
    notices.show({ text: 'A webhook was turned off.', link: { to: '/settings/webhooks', label: 'See why' } });
  });

  const onLive = useEffectEvent(() => {
    setLiveness('live');
    // Refetching covers events missed while disconnected.
    refetchAll(queries);
    void queries.invalidateQueries({ queryKey: batchKeys.all });
  });

  const onDown = useEffectEvent(() => setLiveness('down'));

  useEffect(() => {
    let close: (() => void) | null = null;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Loaded separately, so that the first page does not wait for it.
    const begin = () => {
      loadPart(() => import('../realtime/live')).then(({ connect }) => {
        if (!isOver) close = connect({ queries, following, onLive: () => onLive(), onDown: () => onDown(), onEnding: (ending) => tell(ending), onWebhookDisabled: () => tellOfWebhook() });
      }, () => {
        if (isOver) return;
        onDown();
        timer = setTimeout(begin, LOAD_AGAIN_MS);
      });
    };
    begin();
    return () => {
      isOver = true;
      clearTimeout(timer);
      close?.();
    };
  }, [following, queries]);

  return (
    <LiveContext value={liveness}>
      <FollowContext value={following.follow}>{children}</FollowContext>
    </LiveContext>
  );
}
