import { useEffect, useRef } from 'react';
import { useNavigate, type NavigateOptions } from 'react-router';

import { useNotices } from '../contexts/notices';

/** What is said with a link to the page, to a user who has left. */
interface Elsewhere {
  subject?: string;
  text: string;
  label: string;
}

/**
 * Opens a page as the result of an action. If the user has left this page before the action was done, nothing takes them away
 * from where they are: a notice links to the result instead. Resolves to whether the page was opened.
 */
export function useGoOn() {
  const navigate = useNavigate();
  const notices = useNotices();
  const isThere = useIsThere();
  return async (to: string, { label, ...said }: Elsewhere, options?: NavigateOptions): Promise<boolean> => {
    if (isThere()) {
      await navigate(to, options);
      return true;
    }
    notices.show({ ...said, link: { to, label } });
    return false;
  };
}

/** Whether the component is still mounted. */
export function useIsThere(): () => boolean {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  return () => shown.current;
}
