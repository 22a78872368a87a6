import { createContext, useContext } from 'react';

/** `connecting` lasts from the login to the first connection or the first failure to get one. */
export type Liveness = 'connecting' | 'live' | 'down';

export const LiveContext = createContext<Liveness>('connecting');

/** Whether updates arrive by themselves. */
export function useLiveness(): Liveness {
  return useContext(LiveContext);
}
