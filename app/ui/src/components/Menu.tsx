import { useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState, type ComponentProps, type KeyboardEvent, type ReactElement } from 'react';

import { sideWithRoom, type Side } from '../lib/placement';

const EDGE = 12;
const GAP = 6;

export interface MenuAction {
  label: string;
  icon?: ReactElement;
  onSelect: () => void;
  /** Focusable, but without effect. */
  isDisabled?: boolean;
}

type TriggerWiring = Pick<ComponentProps<'button'>, 'aria-haspopup' | 'aria-expanded' | 'aria-controls' | 'onClick' | 'onKeyDown'>;

interface MenuProps {
  actions: MenuAction[];
  align: 'start' | 'end';
  /** The preferred side of the button. */
  side?: Side;
  /** Shown above the actions. */
  heading?: ReactElement;
  trigger: (wiring: TriggerWiring) => ReactElement;
}

/** A button that opens a menu. Supports the pointer, arrow keys, Home, End and Escape. */
export function Menu({ actions, align, side = 'below', heading, trigger }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => Array.from(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? []);

  useLayoutEffect(() => {
    if (!isOpen) return;
    const place = () => panel.current && root.current && keepInWindow(panel.current, root.current, side);
    place();
    window.addEventListener('resize', place);
    return () => window.removeEventListener('resize', place);
  }, [isOpen, side]);
  useEffect(() => {
    if (isOpen) root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [isOpen]);
  useCloseFromOutside(isOpen, root, () => setOpen(false));

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else if (step) step(items(), document.activeElement)?.focus();
    if (event.key === 'Escape' || step) event.preventDefault();
  };

  return (
    <div ref={root} className="relative">
      {trigger({
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        'aria-controls': isOpen ? id : undefined,
        onClick: () => setOpen(!isOpen),
        onKeyDown: (event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        },
      })}
      {isOpen && (
        <div ref={panel} className={`menu absolute max-w-72 overflow-y-auto ${align === 'end' ? 'right-0' : 'left-0'}`}>
          {heading}
          <div id={id} role="menu" tabIndex={-1} onKeyDown={onKeyDown}>
            {actions.map((action) => (
              <Item key={action.label} action={action} onDone={close} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

/** Keeps a menu in the visible part of the window, above the tab bar. It opens on the other side of its button if there is no room. */
function keepInWindow(panel: HTMLElement, root: HTMLElement, preferred: Side): void {
  panel.style.translate = '';
  panel.style.maxHeight = '';
  const { left, right, height } = panel.getBoundingClientRect();
  const button = root.getBoundingClientRect();
  const room = { above: button.top - GAP - EDGE, below: visibleBottom() - button.bottom - GAP - EDGE };
  const side = sideWithRoom(preferred, height, room);
  panel.style.insetBlock = side === 'above' ? `auto calc(100% + ${GAP}px)` : `calc(100% + ${GAP}px) auto`;
  panel.style.maxHeight = `${room[side]}px`;
  const tooFarRight = Math.max(0, right + EDGE - document.documentElement.clientWidth);
  const tooFarLeft = Math.max(0, EDGE - left);
  panel.style.translate = `${tooFarLeft - tooFarRight}px`;
}

/** The bottom of the window or, on narrow screens, the top of the tab bar. */
function visibleBottom(): number {
  const bar = document.querySelector('.tab-bar')?.getBoundingClientRect();
  return bar?.height ? Math.min(bar.top, window.innerHeight) : window.innerHeight;
}

function Item({ action, onDone }: { action: MenuAction; onDone: () => void }) {
  const select = () => {
    if (action.isDisabled) return;
    onDone();
    action.onSelect();
  };
  return (
    <button type="button" role="menuitem" tabIndex={-1} aria-disabled={action.isDisabled} className="menu-item" onClick={select}>
      {action.icon}
      <span>{action.label}</span>
    </button>
  );
}

type Step = (items: HTMLElement[], current: Element | null) => HTMLElement | undefined;

const STEPS: Record<string, Step | undefined> = {
  ArrowDown: (items, current) => items[(items.findIndex((item) => item === current) + 1) % items.length],
  ArrowUp: (items, current) => items.at(items.findIndex((item) => item === current) - 1),
  Home: (items) => items[0],
  End: (items) => items.at(-1),
};

function useCloseFromOutside(isOpen: boolean, root: React.RefObject<HTMLElement | null>, close: () => void): void {
  const closeIfOutside = useEffectEvent((event: Event) => {
    if (event.target instanceof Node && !root.current?.contains(event.target)) close();
  });
  useEffect(() => {
    if (!isOpen) return;
    const listen = (event: Event) => closeIfOutside(event);
    document.addEventListener('pointerdown', listen);
    document.addEventListener('focusin', listen);
    return () => {
      document.removeEventListener('pointerdown', listen);
      document.removeEventListener('focusin', listen);
    };
  }, [isOpen]);
}
