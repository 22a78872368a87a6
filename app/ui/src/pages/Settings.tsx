import { Suspense } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';

import { Loader } from '../components/Loader';
import { PageMissing } from '../components/PageMissing';
import { SECTIONS } from '../components/settings/sections';

/** The settings of the person who is logged in, a section at a time. */
export default function Settings() {
  const { section } = useParams();
  if (section === undefined) return <Navigate to="/settings/profile" replace />;
  const shown = SECTIONS.find(({ path }) => path === section);
  if (!shown) {
    return (
      <div className="py-16 text-center">
        <PageMissing />
      </div>
    );
  }
  const { Part } = shown;
  return (
    <div className="grid items-start gap-x-12 gap-y-6 md:grid-cols-[11rem_minmax(0,1fr)]">
      <nav aria-label="Settings" className="flex flex-wrap gap-2 md:sticky md:top-8 md:flex-col md:gap-1">
        <p className="hidden px-3 pb-2 font-serif text-lg font-semibold md:block">Settings</p>
        {SECTIONS.map(({ path, label }) => (
          <NavLink key={path} to={`/settings/${path}`} className="settings-link">
            {label}
          </NavLink>
        ))}
      </nav>
      <div className="max-w-2xl min-w-0">
        <Suspense fallback={<Loader />}>
          <Part />
        </Suspense>
      </div>
    </div>
  );
}
