import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, type ReactElement } from 'react';
import { useMatch } from 'react-router';

import { refetchAll } from '../api/contentCache';
import { webhookKeys } from '../api/webhookKeys';
import { openConnection } from '../realtime/connection';
import { applyEvent, WEBHOOK_DISABLED, type Ending, type EventName } from '../realtime/events';
import { createFollowing } from '../realtime/following';
import { FollowContext, LiveContext, type Liveness } from './live';
import { useNotices } from './notices';
import { useEndingNotices } from './useEndingNotices';

/** Keeps the person's live connection while they are logged in, and brings its events into the loaded contents. */
export function SocketProvider({ children }: { children: ReactElement }) {
  const [following] = useState(createFollowing);
  const [liveness, setLiveness] = useState<Liveness>('connecting');
  const queries = useQueryClient();
  const openContent = useMatch('/contents/:id')?.params.id;

  const notices = useNotices();
  const announce = useEndingNotices();
  const tell = useEffectEvent((ending: Ending) => {
    if (ending.contentId !== openContent) announce(ending);
  });

  const tellOfWebhook = useEffectEvent(() => {
    void queries.invalidateQueries({ queryKey: webhookKeys.list });
    notices.show({ text: 'A webhook was turned off.', link: { to: '/settings/webhooks', label: 'See why' } });
  });

  const onEvent = useEffectEvent((name: EventName, payload: unknown) => {
    if (name === WEBHOOK_DISABLED) {
      tellOfWebhook();
      return;
    }
    const ending = applyEvent(queries, name, payload);
    if (ending) tell(ending);
  });

  const onLive = useEffectEvent(() => {
    setLiveness('live');
    // Whatever happened while nobody listened is in the next answers.
    refetchAll(queries);
  });

  useEffect(() => {
    const connection = openConnection({
      onLive: () => {
        following.connected((name, payload) => connection.ask(name, payload));
        onLive();
      },
      onDown: () => {
        following.disconnected();
        setLiveness('down');
      },
      onEvent: (name, payload) => onEvent(name, payload),
      onDelta: following.delta,
    });
    return connection.close;
  }, [following]);

  return (
    <LiveContext value={liveness}>
      <FollowContext value={following.follow}>{children}</FollowContext>
    </LiveContext>
  );
}
