import type { ComponentProps } from 'react';

import { ChevronDownIcon } from './icons';

/** A native select element with our styles. */
export function Select({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <span className="relative block">
      <select {...rest} className={`input appearance-none truncate pr-10 ${className}`} />
      <ChevronDownIcon className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted" />
    </span>
  );
}
