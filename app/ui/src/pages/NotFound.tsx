import { ButtonLink } from '../components/Button';
import { Logo } from '../components/Logo';
import { MembersFrame } from '../components/MembersFrame';
import { PageHeading } from '../components/PageHeading';
import { useAuth } from '../contexts/auth';

/** An address that leads nowhere; who is logged in keeps the navigation. */
export default function NotFound() {
  const { state } = useAuth();
  if (state.status === 'authenticated') {
    return (
      <MembersFrame>
        <div className="py-16 text-center">
          <Explanation />
        </div>
      </MembersFrame>
    );
  }
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <Logo className="mx-auto mb-6 size-12" />
        <Explanation />
      </div>
    </main>
  );
}

function Explanation() {
  return (
    <>
      <PageHeading documentTitle="Page not found">Page not found</PageHeading>
      <p className="mx-auto mt-3 max-w-md text-muted">The link may be old or mistyped.</p>
      <ButtonLink to="/contents" look="primary" className="mt-6">
        Go to library
      </ButtonLink>
    </>
  );
}
