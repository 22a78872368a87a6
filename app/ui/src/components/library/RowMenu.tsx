import { useNavigate } from 'react-router';

import type { Content } from '../../api/types';
import { useRowActions } from '../../hooks/useRowActions';
import { MoreIcon } from '../icons';
import { Menu } from '../Menu';

interface RowMenuProps {
  content: Content;
  /** Whether it cannot be moved to the trash now, because something else is under way. */
  isDisabled: boolean;
  onTrash: () => void;
}

/** The actions on a text in the list. */
export default function RowMenu({ content, isDisabled, onTrash }: RowMenuProps) {
  const navigate = useNavigate();
  const { isBusy, copy, exportAs, duplicate } = useRowActions(content);
  const { id, title } = content;
  const ofText = [
    { label: 'Copy', onSelect: copy },
    { label: 'Export as Word', onSelect: () => exportAs('docx') },
    { label: 'Duplicate', onSelect: duplicate },
  ];
  return (
    <Menu
      align="end"
      actions={[
        { label: 'Open', onSelect: () => void navigate(`/contents/${id}`) },
        ...(content.generatedText.trim() === '' ? [] : ofText),
        { label: 'Use as template', onSelect: () => void navigate(`/templates/new?from=${id}`) },
        { label: 'Move to trash', onSelect: onTrash, isDisabled },
      ]}
      trigger={(wiring) => (
        <button type="button" {...wiring} aria-label={`More for ${title}`} aria-busy={isBusy} className="icon-button size-10">
          <MoreIcon />
        </button>
      )}
    />
  );
}
