import { ButtonLink } from './Button';
import { PageHeading } from './PageHeading';

/** The message for an unknown URL. */
export function PageMissing() {
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
