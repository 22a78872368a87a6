import { createContext, useContext } from 'react';

/** `connecting` lasts from the login until the first connection or failure. */
export type Liveness = 'connecting' | 'live' | 'down';

export const LiveContext = createContext<Liveness>('connecting');

/** Whether live updates are on. */
export function useLiveness(): Liveness {
  return useContext(LiveContext);
}

/** Subscribes to a content's live text. Returns the function to unsubscribe. */
export type Follow = (contentId: string) => () => void;

export const FollowContext = createContext<Follow>(() => () => undefined);

export function useFollow(): Follow {
  return useContext(FollowContext);
}
