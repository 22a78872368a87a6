import type { ReactNode } from 'react';

import { PageHeading } from '../PageHeading';

interface AdminFrameProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** An operators' page with its heading. */
export function AdminFrame({ title, lead, children }: AdminFrameProps) {
  return (
    <>
      <PageHeading documentTitle={`${title} · Admin`} className="text-2xl! sm:text-3xl!">
        {title}
      </PageHeading>
      <p className="mt-2 max-w-2xl text-muted">{lead}</p>
      <div className="mt-7 space-y-6">{children}</div>
    </>
  );
}
