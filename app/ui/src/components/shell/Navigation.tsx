import type { ComponentType } from 'react';
import { Link, NavLink } from 'react-router';

import { PRODUCT_NAME } from '../../lib/brand';
import { ButtonLink } from '../Button';
import { ChartIcon, LibraryIcon, PlusIcon, SearchIcon, TableIcon, TemplateIcon, WarningIcon } from '../icons';
import { Logo } from '../Logo';
import { RailMeter } from '../usage/RailMeter';
import { UserMenu } from '../UserMenu';

interface BarProps {
  onPalette: () => void;
  onShowShortcuts: () => void;
}

interface Place {
  to: string;
  label: string;
  Icon: ComponentType<{ className?: string }>;
}

const LIBRARY: Place = { to: '/contents', label: 'Library', Icon: LibraryIcon };
const BULK: Place = { to: '/bulk', label: 'Bulk', Icon: TableIcon };
const TEMPLATES: Place = { to: '/templates', label: 'Templates', Icon: TemplateIcon };
const ATTENTION: Place = { to: '/contents?generation=failed', label: 'Needs attention', Icon: WarningIcon };

/** The navigation rail for wide windows. */
export function Rail({ onPalette, onShowShortcuts }: BarProps) {
  return (
    <header className="sticky top-0 hidden h-dvh flex-col gap-5 border-r border-line px-4 py-5 lg:flex">
      <Link to="/contents" className="flex items-center gap-2.5 rounded-lg px-1 font-serif font-semibold">
        <Logo className="size-8 shrink-0" />
        <span className="min-w-0 leading-tight">{PRODUCT_NAME}</span>
      </Link>
      <ButtonLink to="/contents/new" look="primary" icon={<PlusIcon className="size-4" />} className="min-h-11">
        New text
      </ButtonLink>
      <nav aria-label="Main" className="flex flex-col gap-1">
        <NavLink to={LIBRARY.to} end className="rail-link">
          <LIBRARY.Icon />
          <span>{LIBRARY.label}</span>
        </NavLink>
        {[BULK, TEMPLATES].map(({ to, label, Icon }) => (
          <NavLink key={to} to={to} className="rail-link">
            <Icon />
            <span>{label}</span>
          </NavLink>
        ))}
        <Link to={ATTENTION.to} className="rail-link">
          <ATTENTION.Icon />
          <span>{ATTENTION.label}</span>
        </Link>
        <NavLink to="/usage" className="rail-link">
          <ChartIcon />
          <span>Usage</span>
        </NavLink>
        <button type="button" onClick={onPalette} aria-keyshortcuts="Control+K Meta+K" className="rail-link">
          <SearchIcon />
          <span>Search</span>
          <kbd className="ml-auto text-xs text-muted">Ctrl K</kbd>
        </button>
      </nav>
      <div className="mt-auto">
        <RailMeter />
        <UserMenu inRail onShowShortcuts={onShowShortcuts} />
      </div>
    </header>
  );
}

/** The top bar for narrow windows. */
export function TopBar({ onPalette, onShowShortcuts }: BarProps) {
  return (
    <header className="border-b border-line lg:hidden">
      <div className="page flex h-16 items-center gap-2">
        <Link to="/contents" className="mr-auto flex min-w-0 items-center gap-2.5 rounded-lg font-serif text-lg font-semibold">
          <Logo className="size-8 shrink-0" />
          <span className="truncate">{PRODUCT_NAME}</span>
        </Link>
        <button type="button" onClick={onPalette} aria-label="Search" className="icon-button size-11">
          <SearchIcon />
        </button>
        <UserMenu onShowShortcuts={onShowShortcuts} />
      </div>
    </header>
  );
}

/** The bottom tab bar for narrow windows. */
export function TabBar() {
  return (
    <nav
      aria-label="Main"
      className="tab-bar fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] lg:hidden [&>*]:h-16"
    >
      <NavLink to={LIBRARY.to} end className="tab-link">
        <LIBRARY.Icon />
        <span>{LIBRARY.label}</span>
      </NavLink>
      <NavLink to="/contents/new" className="tab-link">
        <PlusIcon />
        <span>New text</span>
      </NavLink>
      {[BULK, TEMPLATES].map(({ to, label, Icon }) => (
        <NavLink key={to} to={to} className="tab-link">
          <Icon />
          <span>{label}</span>
        </NavLink>
      ))}
    </nav>
  );
}
