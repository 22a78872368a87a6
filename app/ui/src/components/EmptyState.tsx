import type { ReactElement, ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  children: ReactNode;
  action: ReactElement;
  picture?: ReactElement;
}

/** Explains why there is nothing to show, and what to do about it. */
export function EmptyState({ title, children, action, picture }: EmptyStateProps) {
  return (
    <div className="card flex flex-col items-center px-6 py-14 text-center sm:py-20">
      {picture}
      <h2 className="font-serif text-2xl font-semibold">{title}</h2>
      <div className="mt-2 w-full max-w-md text-muted">{children}</div>
      <div className="mt-6">{action}</div>
    </div>
  );
}
