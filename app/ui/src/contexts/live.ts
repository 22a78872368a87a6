import { createContext, useContext } from 'react';

/** `connecting` lasts from the login to the first connection or the first failure to get one. */
export type Liveness = 'connecting' | 'live' | 'down';

export const LiveContext = createContext<Liveness>('connecting');

/** Whether updates arrive by themselves. */
export function useLiveness(): Liveness {
  return useContext(LiveContext);
}

/** Asks for the pieces of a content's text while it is written, until the returned function is called. */
export type Follow = (contentId: string) => () => void;

export const FollowContext = createContext<Follow>(() => () => undefined);

export function useFollow(): Follow {
  return useContext(FollowContext);
}
