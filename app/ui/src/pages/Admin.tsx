import { Suspense } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';

import { SECTIONS } from '../components/admin/sections';
import { Loader } from '../components/Loader';
import { PageMissing } from '../components/PageMissing';
import { useUser } from '../contexts/auth';

/** The operators' pages. For everybody else there are none; the server would refuse them, too. */
export default function Admin() {
  const { section } = useParams();
  const { role } = useUser();
  const shown = role === 'admin' && SECTIONS.find(({ path }) => path === section);
  if (role === 'admin' && section === undefined) return <Navigate to="/admin/people" replace />;
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
      <nav aria-label="Admin" className="flex flex-wrap gap-2 md:sticky md:top-8 md:flex-col md:gap-1">
        <p className="hidden px-3 pb-2 font-serif text-lg font-semibold md:block">Admin</p>
        {SECTIONS.map(({ path, label }) => (
          <NavLink key={path} to={`/admin/${path}`} className="settings-link">
            {label}
          </NavLink>
        ))}
      </nav>
      <div className="min-w-0">
        <Suspense fallback={<Loader />}>
          <Part />
        </Suspense>
      </div>
    </div>
  );
}
