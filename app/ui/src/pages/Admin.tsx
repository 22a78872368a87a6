import { useParams } from 'react-router';

import { SECTIONS } from '../components/admin/sections';
import { SectionMissing, SectionsPage } from '../components/SectionsPage';
import { useUser } from '../contexts/auth';

/** The operators' pages. Other users get "Page not found"; the server rejects their requests too. */
export default function Admin() {
  const { section } = useParams();
  const { role } = useUser();
  return role === 'admin' ? <SectionsPage title="Admin" base="/admin" sections={SECTIONS} shown={section} /> : <SectionMissing />;
}
