import * as Menu from '@radix-ui/react-dropdown-menu';

import { useAuth, useUser } from '../contexts/auth';
import { AVATAR, initialsOf } from './Avatar';
import { LogOutIcon } from './icons';

export default function UserMenu() {
  const { logOut } = useAuth();
  const user = useUser();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger aria-label={`Account of ${user.fullName}`} className={`${AVATAR} hover:bg-sunken`}>
        {initialsOf(user)}
      </Menu.Trigger>
      <Menu.Content align="end" sideOffset={6} collisionPadding={12} className="menu max-w-72">
        <Menu.Label className="px-3 py-2">
          <span className="block font-semibold break-words">{user.fullName}</span>
          <span className="block break-all text-muted">{user.email}</span>
        </Menu.Label>
        <Menu.Separator className="my-1.5 h-px bg-line" />
        <Menu.Item className="menu-item" onSelect={() => void logOut()}>
          <LogOutIcon />
          Log out
        </Menu.Item>
      </Menu.Content>
    </Menu.Root>
  );
}
