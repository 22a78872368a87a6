import { useNavigate, type NavigateOptions } from 'react-router';

import { useTellIfGone, type Elsewhere } from './useTellIfGone';

/**
 * Opens a page as the result of an action. If the user has left this page before the action was done, nothing takes them away
 * from where they are: a notice links to the result instead. Resolves to whether the page was opened.
 */
export function useGoOn() {
  const navigate = useNavigate();
  const tellIfGone = useTellIfGone();
  return async (to: string, said: Omit<Elsewhere, 'to'>, options?: NavigateOptions): Promise<boolean> => {
    if (tellIfGone({ ...said, to })) return false;
    await navigate(to, options);
    return true;
  };
}
