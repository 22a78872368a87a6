/** What the tabs of this browser tell each other about the session; never a token. */

export type TabMessage = { type: 'login'; userId: string } | { type: 'logout' };

const CHANNEL = 'ai-content-generator:session';

export interface Tabs {
  tell: (message: TabMessage) => void;
  close: () => void;
}

/** Joins the other tabs; `onMessage` hears what they say. Where browsers lack the channel, tabs stay on their own. */
export function joinTabs(onMessage: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
