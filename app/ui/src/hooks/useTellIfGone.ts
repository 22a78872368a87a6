import { messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';
import { useIsThere } from './useIsThere';

/** A notice with a link to a page, for a user who has left the one where it would have been seen. */
export interface Elsewhere {
  subject?: string;
  text: string;
  error?: unknown;
  to: string;
  label: string;
}

/** Shows how an action ended in a notice, if the user has left its page and so cannot see it there. Returns whether they have. */
export function useTellIfGone() {
  const notices = useNotices();
  const isThere = useIsThere();
  return ({ subject, text, error, to, label }: Elsewhere): boolean => {
    if (isThere()) return false;
    notices.show({ subject, text: error === undefined ? text : `${text}: ${messageOf(error)}`, link: { to, label } });
    return true;
  };
}
