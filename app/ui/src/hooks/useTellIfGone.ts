import { messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';
import { useIsThere } from './useGoOn';

interface Trouble {
  subject: string;
  text: string;
  error?: unknown;
  /** The page with the form, which still has what was typed. */
  to: string;
  label: string;
}

/**
 * Shows in a notice what went wrong with a form, if the user has left it and so cannot see its own message. Returns whether they have.
 */
export function useTellIfGone() {
  const notices = useNotices();
  const isThere = useIsThere();
  return ({ subject, text, error, to, label }: Trouble): boolean => {
    if (isThere()) return false;
    notices.show({ subject, text: error === undefined ? text : `${text}: ${messageOf(error)}`, link: { to, label } });
    return true;
  };
}
