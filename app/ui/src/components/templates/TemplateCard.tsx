import { Link } from 'react-router';

import type { Template } from '../../api/templates';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { ButtonLink } from '../Button';
import { MoreIcon } from '../icons';
import { Menu } from '../Menu';
import { Pieces } from './Pieces';

interface TemplateCardProps {
  template: Template;
  isBusy: boolean;
  onOpen: () => void;
  onDuplicate: () => void;
  onDelete: () => void;
}

/** A template with its description, variables and actions. */
export function TemplateCard({ template, isBusy, onOpen, onDuplicate, onDelete }: TemplateCardProps) {
  const { id, name, contentType, prompt, variables, builtIn } = template;
  const { label, Icon } = CONTENT_TYPE_TEXT[contentType];
  const open = { label: builtIn ? 'Look at it' : 'Edit', onSelect: onOpen };
  const copy = { label: builtIn ? 'Make a copy to edit' : 'Duplicate', onSelect: onDuplicate };
  const remove = { label: 'Delete', onSelect: onDelete };
  return (
    <article className="card flex h-full flex-col p-5" aria-busy={isBusy}>
      <div className="flex items-start gap-3">
        <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-sunken text-muted">
          <Icon className="size-5" />
        </span>
        <div className="min-w-0 flex-1">
          <h3 dir="auto" className="font-serif text-lg leading-snug font-semibold break-words">
            <Link to={`/templates/${id}`} className="rounded-sm hover:text-accent">
              {name}
            </Link>
          </h3>
          <p className="text-sm text-muted">{builtIn ? `${label} · built in` : label}</p>
        </div>
        <Menu
          align="end"
          actions={builtIn ? [open, copy] : [open, copy, remove]}
          trigger={(wiring) => (
            <button type="button" {...wiring} aria-label={`More for ${name}`} className="icon-button size-11 -mt-1.5 -mr-2">
              <MoreIcon />
            </button>
          )}
        />
      </div>
      <p dir="auto" className="mt-3 line-clamp-3 text-sm break-words text-muted">
        <Pieces text={prompt} />
      </p>
      <div className="mt-auto flex flex-wrap items-center gap-3 pt-4">
        <p className="min-w-0 flex-1 text-sm text-muted">{countOf(variables.length)}</p>
        <ButtonLink to={`/templates/${id}/use`} aria-label={`Use ${name}`}>
          Use
        </ButtonLink>
      </div>
    </article>
  );
}

function countOf(variables: number): string {
  if (variables === 0) return 'No variables';
  return variables === 1 ? '1 variable' : `${variables} variables`;
}
