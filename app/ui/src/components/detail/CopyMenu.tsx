import { Button } from '../Button';
import { ChevronDownIcon, CopyIcon } from '../icons';
import { Menu } from '../Menu';

interface CopyMenuProps {
  onCopyFormatted: () => void;
  onCopyHtml: () => void;
  onCopyText: () => void;
  onCopyMarkdown: () => void;
}

export function CopyMenu({ onCopyFormatted, onCopyHtml, onCopyText, onCopyMarkdown }: CopyMenuProps) {
  return (
    <Menu
      align="start"
      actions={[
        { label: 'Copy formatted', onSelect: onCopyFormatted },
        { label: 'Copy as text', onSelect: onCopyText },
        { label: 'Copy as Markdown', onSelect: onCopyMarkdown },
        { label: 'Copy as HTML', onSelect: onCopyHtml },
      ]}
      trigger={(wiring) => (
        <Button {...wiring} icon={<CopyIcon className="size-4" />}>
          <span>Copy</span>
          <ChevronDownIcon className="-mr-1 size-4 text-muted" />
        </Button>
      )}
    />
  );
}
