import { useState } from 'react';

import { useAuth, useUser } from '../contexts/auth';
import { hasDrafts } from '../lib/drafts';
import { AVATAR, initialsOf } from './Avatar';
import { ConfirmDialog } from './ConfirmDialog';
import { LogOutIcon } from './icons';
import { Menu } from './Menu';

/** Who is logged in, and the way out. Where something is unsaved, that is said first: a logout forgets it. */
export function UserMenu() {
  const { logOut } = useAuth();
  const user = useUser();
  const [isAsking, setAsking] = useState(false);

  const leave = () => {
    if (hasDrafts(user.id)) setAsking(true);
    else void logOut();
  };

  return (
    <>
      <Menu
        align="end"
        actions={[{ label: 'Log out', icon: <LogOutIcon />, onSelect: leave }]}
        heading={
          <p className="border-b border-line px-3 pt-2 pb-3">
            <span dir="auto" className="block font-semibold break-words">
              {user.fullName}
            </span>
            <span className="block break-all text-muted">{user.email}</span>
          </p>
        }
        trigger={(wiring) => (
          <button type="button" {...wiring} aria-label={`Account of ${user.fullName}`} className={`${AVATAR} hover:bg-sunken`}>
            {initialsOf(user)}
          </button>
        )}
      />
      {isAsking && (
        <ConfirmDialog
          title="Log out with unsaved text?"
          confirm="Log out"
          cancel="Stay logged in"
          onConfirm={() => void logOut()}
          onCancel={() => setAsking(false)}
        >
          <p>Something you wrote is not saved. It is kept on this device only, and logging out removes it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
