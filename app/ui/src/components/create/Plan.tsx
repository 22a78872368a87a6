import { Fragment } from 'react';

import { planOf } from '../../lib/plan';
import type { NewTextValues } from '../../lib/newText';

/** What will be written, said before it is asked for. */
export default function Plan({ values }: { values: NewTextValues }) {
  return (
    <section aria-label="What you will get" className="card px-5 py-5 sm:px-6">
      <h2 className="font-serif text-xl font-semibold">What you will get</h2>
      <dl className="mt-3 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-5 gap-y-1.5 text-sm">
        {planOf(values).map(({ label, text }) => (
          <Fragment key={label}>
            <dt className="text-muted">{label}</dt>
            <dd dir="auto" className="text-start break-words">
              {text}
            </dd>
          </Fragment>
        ))}
      </dl>
      <p className="mt-4 text-sm text-muted">You can watch it being written, stop it, and change every word afterwards.</p>
    </section>
  );
}
