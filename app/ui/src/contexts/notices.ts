import { createContext, useContext } from 'react';

export interface Notice {
  text: string;
  link?: { to: string; label: string };
}

export interface Notices {
  /** Shows a short message for a few seconds, and has it read out. */
  show: (notice: Notice) => void;
}

export const NoticesContext = createContext<Notices>({ show: () => undefined });

export function useNotices(): Notices {
  return useContext(NoticesContext);
}
