import * as Menu from '@radix-ui/react-dropdown-menu';

import { CopyButton } from './CopyButton';

interface CopyMenuProps {
  onCopyText: () => void;
  onCopyMarkdown: () => void;
}

export default function CopyMenu({ onCopyText, onCopyMarkdown }: CopyMenuProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <CopyButton />
      </Menu.Trigger>
      <Menu.Content align="start" sideOffset={6} collisionPadding={12} className="menu">
        <Menu.Item className="menu-item" onSelect={onCopyText}>
          Copy as text
        </Menu.Item>
        <Menu.Item className="menu-item" onSelect={onCopyMarkdown}>
          Copy as Markdown
        </Menu.Item>
      </Menu.Content>
    </Menu.Root>
  );
}
