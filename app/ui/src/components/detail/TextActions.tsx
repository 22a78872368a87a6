import type { ReactElement } from 'react';

import type { Content } from '../../api/types';
import type { GenerationActions } from '../../hooks/useGenerationActions';
import { useRoomy } from '../../hooks/useWide';
import { EXPORT_FORMATS } from '../../lib/exportFormats';
import type { Writing } from '../../lib/writing';
import { Button } from '../Button';
import { SparkIcon } from '../editor/icons';
import { CheckIcon, ChevronDownIcon, CopyIcon, DownloadIcon, MoreIcon } from '../icons';
import { Menu, type MenuAction } from '../Menu';
import { useTextActions, type CopyFormat } from './useTextActions';

export interface TextActionsProps {
  content: Content;
  isUnderWay: boolean;
  typed: Writing;
  saveNow: () => Promise<unknown>;
  actions: GenerationActions;
  onEditRequest: () => void;
}

const COPIES: [CopyFormat, string][] = [
  ['formatted', 'Formatted'],
  ['plain', 'Plain text'],
  ['html', 'HTML'],
  ['markdown', 'Markdown'],
];

/** The actions on the whole text. On narrow windows, some are in the last menu. */
export default function TextActions({ content, typed, saveNow, isUnderWay, actions, onEditRequest }: TextActionsProps) {
  const deeds = useTextActions(content, typed, saveNow);
  const hasText = typed.generatedText.trim() !== '';
  const isRoomy = useRoomy();
  const isFinal = content.status === 'published';
  const copies = COPIES.map(([format, label]) => ({ label, onSelect: () => deeds.mutate({ do: 'copy', format }) }));
  const exports = EXPORT_FORMATS.map(({ format, label }) => ({ label, onSelect: () => deeds.mutate({ do: 'export', format }) }));
  const again = [
    { label: 'Same request', onSelect: () => actions.again() },
    { label: 'Change the request…', onSelect: onEditRequest },
  ];
  const canAsk = !isUnderWay && hasText;
  const rest = [
    ...(isRoomy || !hasText ? [] : exports.map((each) => ({ ...each, label: `Export as ${each.label}` }))),
    ...(isRoomy || !canAsk ? [] : again.map((each) => ({ ...each, label: each.label === 'Same request' ? 'Write again' : 'Write again, changed…' }))),
    { label: 'Use as template', onSelect: () => deeds.mutate({ do: 'template' }) },
    { label: 'Duplicate', onSelect: () => deeds.mutate({ do: 'duplicate' }) },
    { label: 'Move to trash', onSelect: () => deeds.mutate({ do: 'trash' }) },
  ];
  const doing = deeds.isPending ? deeds.variables.do : null;

  return (
    <div role="group" aria-label="This text" className="flex flex-wrap gap-2">
      {hasText && !isUnderWay && (
        <Button className="px-3!" look={isFinal ? 'secondary' : 'primary'} busy={doing === 'final'} icon={<CheckIcon className="size-4" />} onClick={() => deeds.mutate({ do: 'final' })}>
          {isFinal ? 'Back to draft' : 'Mark as final'}
        </Button>
      )}
      {hasText && <ButtonMenu label="Copy" icon={<CopyIcon className="size-4" />} actions={copies} />}
      {hasText && isRoomy && <ButtonMenu label="Export" icon={<DownloadIcon className="size-4" />} busy={doing === 'export'} actions={exports} />}
      {canAsk && isRoomy && <ButtonMenu label="Write again" icon={<SparkIcon className="size-4" />} busy={actions.busy === 'again'} actions={again} />}
      <Menu
        align="end"
        actions={rest}
        trigger={(wiring) => (
          <button type="button" {...wiring} aria-label="More" className="icon-button size-10 max-sm:size-11 border border-edge/60">
            <MoreIcon />
          </button>
        )}
      />
    </div>
  );
}

interface ButtonMenuProps {
  label: string;
  icon: ReactElement;
  busy?: boolean;
  actions: MenuAction[];
}

function ButtonMenu({ label, icon, busy = false, actions }: ButtonMenuProps) {
  return (
    <Menu
      align="start"
      actions={actions}
      trigger={(wiring) => (
        <Button {...wiring} className="px-3!" busy={busy} icon={icon}>
          <span>{label}</span>
          <ChevronDownIcon className="-mr-1 size-4 text-muted" />
        </Button>
      )}
    />
  );
}
