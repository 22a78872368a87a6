import { createContext, useContext } from 'react';

export interface Notice {
  /** The title of the subject; shown in quotation marks before the text, isolated from its direction. */
  subject?: string;
  text: string;
  link?: { to: string; label: string };
  action?: { label: string; run: () => void };
}

export interface Notices {
  /** Shows a short message for a few seconds and announces it to screen readers. */
  show: (notice: Notice) => void;
}

export const NoticesContext = createContext<Notices>({ show: () => undefined });

export function useNotices(): Notices {
  return useContext(NoticesContext);
}
