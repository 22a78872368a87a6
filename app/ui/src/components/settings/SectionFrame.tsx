import type { ReactNode } from 'react';

import { PageHeading } from '../PageHeading';

interface SectionFrameProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** A section of the settings with its heading. */
export function SectionFrame({ title, lead, children }: SectionFrameProps) {
  return (
    <>
      <PageHeading documentTitle={`${title} · Settings`} className="text-2xl! sm:text-3xl!">
        {title}
      </PageHeading>
      <p className="mt-2 text-muted">{lead}</p>
      <div className="mt-7">{children}</div>
    </>
  );
}
