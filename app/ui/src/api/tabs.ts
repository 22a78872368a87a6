/** Messages about the session between the tabs of this browser; never a token. */

export type TabMessage = { type: 'login'; userId: string } | { type: 'logout' };

const CHANNEL = 'ai-content-generator:session';

export interface Tabs {
  tell: (message: TabMessage) => void;
  close: () => void;
}

/** Subscribes to messages of other tabs. Does nothing in browsers without BroadcastChannel. */
export function joinTabs(onMessage: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
