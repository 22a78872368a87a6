import { BackLink } from '../components/BackLink';
import { lazyPart } from '../components/lazyPart';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { PartsBoundary } from '../components/PartsBoundary';

const CreateForm = lazyPart(() => import('../components/create/CreateForm'));
// Loaded together with the page instead of after it.
CreateForm.preload();

export default function ContentCreate() {
  return (
    <>
      <BackLink to="/contents">Your texts</BackLink>
      <PageHeading documentTitle="New text" className="mt-3">
        New text
      </PageHeading>
      <PartsBoundary fallback={<Loader />}>
        <CreateForm />
      </PartsBoundary>
    </>
  );
}
