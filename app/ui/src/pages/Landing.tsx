import { useState } from 'react';

import { CONTENT_TYPES, type ContentType } from '../api/types';
import { ButtonLink } from '../components/Button';
import { Logo } from '../components/Logo';
import { PageHeading } from '../components/PageHeading';
import { PRODUCT_NAME } from '../lib/brand';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';

/** Examples of generated texts, written for this page. */
const OUTPUTS: Record<ContentType, string> = {
  blog: 'You do not need a garden to eat your own tomatoes in August. You need six hours of sun, a pot that holds twenty litres, and a watering can that you use every day. Here is what to buy, what to leave in the shop, and the three mistakes that cost most first harvests.',
  product: 'Soft from the first wash and softer with each one after it: this linen apron in sage green is made in Portugal for people who bake at weekends. Crossed back straps stay in place without a knot. Two deep pockets hold a towel, a timer and the phone with the recipe.',
  social: 'That toaster is not dead, it is only misunderstood. Bring it to our repair café on Saturday, 2 to 5 pm, in the library. We bring screwdrivers and coffee. It is free. What have you been meaning to fix?',
};

/** The introduction to the product for visitors. */
export default function Landing() {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="page flex h-18 items-center gap-3">
        <p className="mr-auto flex min-w-0 items-center gap-2.5 font-serif text-lg font-semibold">
          <Logo />
          <span className="truncate">{PRODUCT_NAME}</span>
        </p>
        <ButtonLink to="/login">Log in</ButtonLink>
      </header>
      <main className="page my-auto grid items-center gap-10 py-8 lg:grid-cols-2 lg:gap-16">
        <div>
          <PageHeading documentTitle="Write 60 product descriptions before lunch">Write 60 product descriptions before lunch</PageHeading>
          <p className="mt-4 text-lg text-muted">
            Say what you need, for whom and how long. Watch it being written, see what the text keeps of your brief, and change every word.
          </p>
          <div className="mt-7 flex flex-wrap gap-3">
            <ButtonLink to="/register" look="primary" className="min-h-12 px-6 text-base">
              Create account
            </ButtonLink>
            <ButtonLink to="/login" className="min-h-12 px-6 text-base">
              Log in
            </ButtonLink>
          </div>
          <p className="mt-6">
            <a href="/api/docs" className="link text-sm">
              API
            </a>
          </p>
        </div>
        <Examples />
      </main>
    </div>
  );
}

/** An example request for each type, with the beginning of its text. */
function Examples() {
  const [type, setType] = useState<ContentType>('product');
  const { example } = CONTENT_TYPE_TEXT[type];
  return (
    <section aria-label="Examples" className="card p-5 sm:p-7">
      <div role="group" aria-label="Type of text" className="flex flex-wrap gap-1.5">
        {CONTENT_TYPES.map((each) => (
          <button key={each} type="button" aria-pressed={each === type} onClick={() => setType(each)} className="chip">
            {CONTENT_TYPE_TEXT[each].label}
          </button>
        ))}
      </div>
      <p className="mt-5 text-sm font-semibold">The brief</p>
      <p className="mt-1 rounded-xl bg-sunken px-4 py-3 text-sm text-muted">{example.prompt}</p>
      <p className="mt-5 text-sm font-semibold">The text</p>
      <p className="mt-1 font-serif text-lg leading-relaxed">{OUTPUTS[type]}</p>
    </section>
  );
}
