import { createContext, useContext } from 'react';

export interface Notice {
  /** The title of what the notice is about; shown in quotation marks before the text, whichever way it is written. */
  subject?: string;
  text: string;
  link?: { to: string; label: string };
  action?: { label: string; run: () => void };
}

export interface Notices {
  /** Shows a short message for a few seconds, and has it read out. */
  show: (notice: Notice) => void;
}

export const NoticesContext = createContext<Notices>({ show: () => undefined });

export function useNotices(): Notices {
  return useContext(NoticesContext);
}
