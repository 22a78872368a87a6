import type { ComponentProps, ReactElement } from 'react';
import { Link, type LinkProps } from 'react-router';

import { Spinner } from './Loader';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const SHAPE =
  'inline-flex min-h-10 max-sm:min-h-11 items-center justify-center gap-2 rounded-xl px-4 py-2 text-sm font-semibold whitespace-nowrap transition-colors';

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-edge/60 bg-surface text-ink hover:border-edge hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'border border-danger/50 bg-surface text-danger hover:bg-danger-soft',
};

export interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  /** An action is running: the button stays focusable but does nothing. */
  busy?: boolean;
  icon?: ReactElement;
}

export function Button({ look = 'secondary', busy = false, icon, className = '', children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${SHAPE} ${LOOKS[look]} aria-disabled:cursor-default aria-disabled:opacity-80 disabled:opacity-50 ${className}`}
    >
      {busy ? <Spinner className="size-4" /> : icon}
      <span className="contents">{children}</span>
    </button>
  );
}

interface ButtonLinkProps extends LinkProps {
  look?: Look;
  icon?: ReactElement;
}

/** A link styled as a button, for navigation. */
export function ButtonLink({ look = 'secondary', icon, className = '', children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={`${SHAPE} ${LOOKS[look]} ${className}`}>
      {icon}
      <span className="contents">{children}</span>
    </Link>
  );
}
