/** The live connection of a person and what its events change, apart from the frame of the pages: it is loaded after them. */

import type { QueryClient } from '@tanstack/react-query';

import { openConnection } from './connection';
import { applyEvent, WEBHOOK_DISABLED, type BatchEnding, type Ending } from './events';
import type { createFollowing } from './following';

export interface LiveListener {
  queries: QueryClient;
  following: ReturnType<typeof createFollowing>;
  onLive: () => void;
  onDown: () => void;
  onEnding: (ending: Ending | BatchEnding) => void;
  onWebhookDisabled: () => void;
}

/** Opens the connection; the returned function closes it. */
export function connect({ queries, following, onLive, onDown, onEnding, onWebhookDisabled }: LiveListener): () => void {
  const connection = openConnection({
    onLive: () => {
      following.connected((name, payload) => connection.ask(name, payload));
      onLive();
    },
    onDown: () => {
      following.disconnected();
      onDown();
    },
    onEvent: (name, payload) => {
      if (name === WEBHOOK_DISABLED) {
        onWebhookDisabled();
        return;
      }
      const ending = applyEvent(queries, name, payload);
      if (ending) onEnding(ending);
    },
    onDelta: following.delta,
  });
  return connection.close;
}
