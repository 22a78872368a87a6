import type { ComponentType } from 'react';
import { Navigate, NavLink } from 'react-router';

import { Loader } from './Loader';
import { PageMissing } from './PageMissing';
import { PartsBoundary } from './PartsBoundary';

export interface Section {
  /** The last path segment of the section's URL. */
  path: string;
  label: string;
  Part: ComponentType;
}

interface SectionsPageProps {
  title: string;
  /** The URL prefix of the sections. */
  base: string;
  sections: readonly [Section, ...Section[]];
  /** The section from the URL; the first one if there is none. */
  shown: string | undefined;
  /** The maximum width of a section. */
  className?: string;
}

/** A page with a list of sections on its left, of which it shows one. */
export function SectionsPage({ title, base, sections, shown, className = '' }: SectionsPageProps) {
  if (shown === undefined) return <Navigate to={`${base}/${sections[0].path}`} replace />;
  const section = sections.find(({ path }) => path === shown);
  if (!section) return <SectionMissing />;
  const { Part } = section;
  return (
    <div className="grid items-start gap-x-12 gap-y-6 md:grid-cols-[11rem_minmax(0,1fr)]">
      <nav aria-label={title} className="flex flex-wrap gap-2 md:sticky md:top-8 md:flex-col md:gap-1">
        <p className="hidden px-3 pb-2 font-serif text-lg font-semibold md:block">{title}</p>
        {sections.map(({ path, label }) => (
          <NavLink key={path} to={`${base}/${path}`} className="settings-link">
            {label}
          </NavLink>
        ))}
      </nav>
      <div className={`min-w-0 ${className}`}>
        <PartsBoundary fallback={<Loader />}>
          <Part />
        </PartsBoundary>
      </div>
    </div>
  );
}

export function SectionMissing() {
  return (
    <div className="py-16 text-center">
      <PageMissing />
    </div>
  );
}
