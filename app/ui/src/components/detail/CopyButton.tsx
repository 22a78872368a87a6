import type { ComponentProps } from 'react';

import { Button } from '../Button';
import { ChevronDownIcon, CopyIcon } from '../icons';

/** What opens the copy menu, and stands in its place while that is being loaded. */
export function CopyButton(props: ComponentProps<'button'>) {
  return (
    <Button {...props} icon={<CopyIcon className="size-4" />}>
      Copy
      <ChevronDownIcon className="-mr-1 size-4 text-muted" />
    </Button>
  );
}
