import { ButtonLink } from '../components/Button';
import { Logo } from '../components/Logo';
import { PageHeading } from '../components/PageHeading';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <Logo className="mx-auto mb-6 size-12" />
        <PageHeading documentTitle="Page not found">There is nothing here</PageHeading>
        <p className="mx-auto mt-3 max-w-md text-muted">The address may be mistyped, or the page may have moved.</p>
        <ButtonLink to="/contents" look="primary" className="mt-6">
          To your texts
        </ButtonLink>
      </div>
    </main>
  );
}
