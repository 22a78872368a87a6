import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import { Link } from 'react-router';

import { CloseIcon } from '../components/icons';
import { Quoted } from '../components/Quoted';
import { NoticesContext, type Notice } from './notices';

const SHOWN_MS = 8_000;
const AT_MOST = 3;

interface NumberedNotice extends Notice {
  key: number;
  /** Whether the pointer or the focus is on it. */
  isHeld: boolean;
}

let nextKey = 0;

/** Shows notices in a corner and in a live region. A notice stays while the pointer or the focus is on it. */
export function NoticesProvider({ children }: { children: ReactElement }) {
  const [shown, setShown] = useState<NumberedNotice[]>([]);
  const notices = useMemo(
    () => ({ show: (notice: Notice) => setShown((before) => [...withRoom(before), { ...notice, key: nextKey++, isHeld: false }]) }),
    [],
  );
  const hold = useCallback(
    (key: number, isHeld: boolean) => setShown((before) => before.map((notice) => (notice.key === key ? { ...notice, isHeld } : notice))),
    [],
  );
  const { region, goBack } = useReachedByKey();
  const dismiss = useCallback(
    (key: number, hasFocus: boolean) => {
      if (hasFocus) goBack();
      setShown((before) => before.filter((notice) => notice.key !== key));
    },
    [goBack],
  );

  return (
    <NoticesContext value={notices}>
      {children}
      <div
        ref={region}
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-20 z-40 flex flex-col items-end gap-2 sm:left-auto sm:max-w-sm lg:bottom-4"
      >
        {shown.map((notice) => (
          <NoticeCard key={notice.key} notice={notice} onHold={hold} onDismiss={dismiss} />
        ))}
      </div>
    </NoticesContext>
  );
}

/** Leaves out the oldest notice that is not held if there is no room for another. */
function withRoom(notices: NumberedNotice[]): NumberedNotice[] {
  const oldest = notices.length < AT_MOST ? undefined : notices.find(({ isHeld }) => !isHeld);
  return notices.filter((notice) => notice !== oldest);
}

/** F6 moves the focus to the newest notice, and back again to where it came from; so does a notice that is done with. */
function useReachedByKey(): { region: RefObject<HTMLDivElement | null>; goBack: () => void } {
  const region = useRef<HTMLDivElement>(null);
  const from = useRef<EventTarget>(null);
  const goBack = useCallback(() => {
    if (region.current?.contains(document.activeElement) && from.current instanceof HTMLElement) from.current.focus();
  }, []);
  useEffect(() => {
    const notices = region.current;
    const remember = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node && notices?.contains(relatedTarget))) from.current = relatedTarget;
    };
    const lead = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
      const goal = notices?.lastElementChild?.querySelector<HTMLElement>('a, button');
      if (!goal) return;
      event.preventDefault();
      if (notices?.contains(document.activeElement)) goBack();
      else goal.focus();
    };
    notices?.addEventListener('focusin', remember);
    window.addEventListener('keydown', lead);
    return () => {
      notices?.removeEventListener('focusin', remember);
      window.removeEventListener('keydown', lead);
    };
  }, [goBack]);
  return { region, goBack };
}

interface NoticeCardProps {
  notice: NumberedNotice;
  onHold: (key: number, isHeld: boolean) => void;
  onDismiss: (key: number, hasFocus: boolean) => void;
}

function NoticeCard({ notice, onHold, onDismiss }: NoticeCardProps) {
  const [isPointedAt, setPointedAt] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const { key, isHeld, subject, text, link, action } = notice;
  const dismiss = useCallback(() => onDismiss(key, isFocused), [key, isFocused, onDismiss]);

  useEffect(() => onHold(key, isPointedAt || isFocused), [key, isPointedAt, isFocused, onHold]);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, dismiss]);

  const act = () => {
    dismiss();
    action?.run();
  };

  return (
    // The card itself is not interactive; it only stays while the pointer or focus is on its content.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="notice pointer-events-auto flex w-full items-start gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm shadow-lg"
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      onFocus={() => setFocused(true)}
      // Another window takes the focus, but not the document's active element.
      onBlur={({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget ?? document.activeElement))}
    >
      <div className="flex min-w-0 flex-1 flex-wrap gap-x-2 gap-y-1 break-words">
        <p className="min-w-0">{subject === undefined ? <span>{text}</span> : <Quoted title={subject}>{text}</Quoted>}</p>
        {link && (
          <Link to={link.to} onClick={dismiss} className="link font-medium">
            {link.label}
          </Link>
        )}
        {action && (
          <button type="button" onClick={act} className="link font-medium">
            {action.label}
          </button>
        )}
      </div>
      <button type="button" onClick={dismiss} className="icon-button -my-1 -mr-2" aria-label="Dismiss">
        <CloseIcon />
      </button>
    </div>
  );
}
