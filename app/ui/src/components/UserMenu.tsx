import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';

import { useAuth, useUser } from '../contexts/auth';
import { hasDrafts } from '../lib/drafts';
import { AVATAR, initialsOf } from './Avatar';
import { ChartIcon, ContrastIcon, KeyboardIcon, KeyIcon, LogOutIcon, PeopleIcon, SettingsIcon } from './icons';
import { lazyPart } from './lazyPart';
import { Menu } from './Menu';
import { PartsBoundary } from './PartsBoundary';

/** If the menu cannot be loaded, the user stays logged in and nothing is lost. */
const LogOutQuestion = lazyPart(() => import('./LogOutQuestion'), () => null);

interface UserMenuProps {
  /** At the bottom of the rail, with the name beside the avatar. */
  inRail?: boolean;
  onShowShortcuts: () => void;
}

/** The user's menu, with the logout. Warns about unsaved changes, which a logout discards. */
export function UserMenu({ inRail = false, onShowShortcuts }: UserMenuProps) {
  const { logOut } = useAuth();
  const user = useUser();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => LogOutQuestion.preload(), []);

  const leave = () => {
    if (hasDrafts(user.id)) setAsking(true);
    else void logOut();
  };

  return (
    <>
      <Menu
        align={inRail ? 'start' : 'end'}
        side={inRail ? 'above' : 'below'}
        actions={[
          { label: 'Settings', icon: <SettingsIcon />, onSelect: () => void navigate('/settings') },
          { label: 'API keys', icon: <KeyIcon />, onSelect: () => void navigate('/settings/keys') },
          { label: 'Usage', icon: <ChartIcon />, onSelect: () => void navigate('/usage') },
          ...(user.role === 'admin' ? [{ label: 'Admin', icon: <PeopleIcon />, onSelect: () => void navigate('/admin') }] : []),
          { label: 'Appearance', icon: <ContrastIcon />, onSelect: () => void navigate('/settings/appearance') },
          { label: 'Keyboard shortcuts', icon: <KeyboardIcon />, onSelect: onShowShortcuts },
          { label: 'Log out', icon: <LogOutIcon />, onSelect: leave },
        ]}
        heading={
          <p className="border-b border-line px-3 pt-2 pb-3">
            <span dir="auto" className="block font-semibold break-words">
              {user.fullName}
            </span>
            <span className="block break-all text-muted">{user.email}</span>
          </p>
        }
        trigger={(wiring) => (
          <button
            type="button"
            {...wiring}
            aria-label={`Account of ${user.fullName}`}
            className={inRail ? 'flex w-full items-center gap-3 rounded-xl p-1.5 text-left hover:bg-sunken' : 'rounded-full'}
          >
            <span aria-hidden="true" className={`${AVATAR} hover:bg-sunken`}>
              {initialsOf(user)}
            </span>
            {inRail && (
              <bdi aria-hidden="true" className="min-w-0 truncate text-sm font-medium">
                {user.fullName}
              </bdi>
            )}
          </button>
        )}
      />
      <PartsBoundary fallback={null}>{isAsking && <LogOutQuestion onConfirm={() => void logOut()} onCancel={() => setAsking(false)} />}</PartsBoundary>
    </>
  );
}
