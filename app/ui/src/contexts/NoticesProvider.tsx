import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { CloseIcon } from '../components/icons';
import { NoticesContext, type Notice } from './notices';

const SHOWN_MS = 8_000;
const AT_MOST = 3;

type NumberedNotice = Notice & { key: number };

let nextKey = 0;

/** Shows notices in a corner and in a live region. A notice waits while the pointer or the focus is on it. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<NumberedNotice[]>([]);
  const notices = useMemo(
    () => ({ show: (notice: Notice) => setShown((before) => [...before, { ...notice, key: nextKey++ }].slice(-AT_MOST)) }),
    [],
  );
  const dismiss = useCallback((key: number) => setShown((before) => before.filter((notice) => notice.key !== key)), []);

  return (
    <NoticesContext value={notices}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-20 z-40 flex flex-col items-end gap-2 sm:bottom-4 sm:left-auto sm:max-w-sm"
      >
        {shown.map((notice) => (
          <NoticeCard key={notice.key} notice={notice} onDismiss={() => dismiss(notice.key)} />
        ))}
      </div>
    </NoticesContext>
  );
}

function NoticeCard({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onDismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, onDismiss]);

  return (
    // Nothing is done with the card itself: it only stays as long as somebody is about to use what is in it.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="notice pointer-events-auto flex w-full items-start gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm shadow-lg"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="min-w-0 flex-1 break-words">
        {notice.text}{' '}
        {notice.link && (
          <Link to={notice.link.to} onClick={onDismiss} className="link font-medium">
            {notice.link.label}
          </Link>
        )}
      </p>
      <button type="button" onClick={onDismiss} className="icon-button -my-1 -mr-2" aria-label="Dismiss">
        <CloseIcon />
      </button>
    </div>
  );
}
