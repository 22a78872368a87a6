import { useParams } from 'react-router';

import { SectionsPage } from '../components/SectionsPage';
import { SECTIONS } from '../components/settings/sections';

/** The user's settings, one section at a time. */
export default function Settings() {
  const { section } = useParams();
  return <SectionsPage title="Settings" base="/settings" sections={SECTIONS} shown={section} className="max-w-2xl" />;
}
