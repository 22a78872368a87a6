import { useEffect, useId, useRef, type KeyboardEvent, type ReactElement } from 'react';

import { useModal } from '../ConfirmDialog';
import { CloseIcon } from '../icons';

export type PanelTab = 'request' | 'versions' | 'checks';

export interface PanelPage {
  tab: PanelTab;
  label: string;
  content: ReactElement;
}

interface SidePanelProps {
  pages: PanelPage[];
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
}

/** The panels beside the text, as tabs. */
export function SidePanel({ pages, tab, onTab }: SidePanelProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = pages.find((page) => page.tab === tab) ?? pages[0];

  const move = (event: KeyboardEvent) => {
    const index = pages.findIndex((page) => page === shown);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: pages.length - 1 }[event.key];
    const page = next === undefined ? undefined : pages.at(next % pages.length);
    if (!page) return;
    event.preventDefault();
    onTab(page.tab);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${page.tab}`)}`)?.focus();
  };

  return (
    <div>
      <div ref={list} role="tablist" aria-label="About this text" className="flex gap-1 rounded-xl bg-sunken p-1" onKeyDown={move} tabIndex={-1}>
        {pages.map((page) => (
          <button
            key={page.tab}
            type="button"
            role="tab"
            id={`${id}-${page.tab}`}
            aria-selected={page === shown}
            aria-controls={`${id}-panel`}
            tabIndex={page === shown ? 0 : -1}
            onClick={() => onTab(page.tab)}
            className={`min-h-9 flex-1 rounded-lg px-3 text-sm font-semibold ${page === shown ? 'bg-surface text-ink shadow-xs' : 'text-muted hover:text-ink'}`}
          >
            {page.label}
          </button>
        ))}
      </div>
      {shown && (
        <div key={shown.tab} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.tab}`} className="mt-5">
          {shown.content}
        </div>
      )}
    </div>
  );
}

/** The panels as a drawer over the page, for narrow windows. */
export function PanelDrawer({ onClose, ...panel }: SidePanelProps & { onClose: () => void }) {
  const dialog = useModal();
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }, [dialog]);
  return (
    <dialog
      ref={dialog}
      aria-label="About this text"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => !event.currentTarget.open && onClose()}
      className="drawer"
    >
      <div className="mb-3 flex justify-end">
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <SidePanel {...panel} />
    </dialog>
  );
}
