import { useState } from 'react';

import { messageOf } from '../api/errors';
import { useNotices } from '../contexts/notices';

/** An action that runs for one item of a page at a time. Errors are shown in a notice. */
export function useDeed() {
  const notices = useNotices();
  const [isBusy, setBusy] = useState(false);
  const say = (text: string) => notices.show({ text });
  const act = async (what: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      say(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, act, say };
}
