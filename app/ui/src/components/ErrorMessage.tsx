import type { ReactNode } from 'react';

import { AlertIcon } from './icons';
import { Button } from './Button';

interface ErrorMessageProps {
  children: ReactNode;
  onRetry?: () => void;
}

/** An error message, announced to screen readers at once, with an action if there is one. */
export function ErrorMessage({ children, onRetry }: ErrorMessageProps) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger">
      <AlertIcon />
      <p className="min-w-0 flex-1 basis-48 break-words">{children}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
