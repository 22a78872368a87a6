import { useNavigate } from 'react-router';

import type { Content } from '../../api/types';
import type { RowActions } from '../../hooks/useRowActions';
import { MoreIcon } from '../icons';
import { Menu } from '../Menu';

/** What can be done with a text without opening it. */
export function RowMenu({ content, actions }: { content: Content; actions: RowActions }) {
  const navigate = useNavigate();
  const { id, title } = content;
  const hasText = content.generatedText.trim() !== '';
  return (
    <div className="text-row-menu">
      <Menu
        align="end"
        actions={[
          { label: 'Open', onSelect: () => void navigate(`/contents/${id}`) },
          ...(hasText
            ? [
                { label: 'Copy', onSelect: () => actions.copy(content) },
                { label: 'Export as Word', onSelect: () => actions.exportAs(content, 'docx') },
                { label: 'Duplicate', onSelect: () => actions.duplicate(content) },
              ]
            : []),
          { label: 'Use as template', onSelect: () => void navigate(`/templates/new?from=${id}`) },
          { label: 'Move to trash', onSelect: () => actions.trash(content) },
        ]}
        trigger={(wiring) => (
          <button type="button" {...wiring} aria-label={`More for ${title}`} aria-busy={actions.busy === id} className="icon-button size-10">
            <MoreIcon />
          </button>
        )}
      />
    </div>
  );
}
