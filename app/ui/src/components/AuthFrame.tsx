import type { ReactElement } from 'react';

import { PRODUCT_NAME } from '../lib/brand';
import { Logo } from './Logo';
import { OfflineBanner } from './OfflineBanner';
import { PageHeading } from './PageHeading';

const STEPS = [
  { title: 'Describe', text: 'Say what you need in your own words: a blog post, a product description, a post for social media.' },
  { title: 'We write', text: 'The text is written for you in the background. You can watch, or do something else.' },
  { title: 'Make it yours', text: 'Read it, edit it in place, mark it as final, or take it with you.' },
];

interface AuthFrameProps {
  title: string;
  lead: string;
  children: ReactElement | ReactElement[];
}

/** The page around the login and registration forms. */
export function AuthFrame({ title, lead, children }: AuthFrameProps) {
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] lg:grid-rows-1 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]">
      <main className="flex min-w-0 flex-col px-5 py-6 sm:px-10 lg:px-14 lg:py-9">
        <OfflineBanner>You're offline. Logging in works again when you're back.</OfflineBanner>
        <p className="flex items-center gap-2.5 font-serif text-lg font-semibold">
          <Logo />
          <span>{PRODUCT_NAME}</span>
        </p>
        <div className="mx-auto my-auto w-full max-w-md py-10">
          <PageHeading documentTitle={title}>{title}</PageHeading>
          <p className="mt-2 text-muted">{lead}</p>
          <div className="mt-8">{children}</div>
        </div>
      </main>
      <aside aria-label="How it works" className="grid place-items-center bg-[#12483e] px-5 py-10 text-[#f3efe4] sm:px-10 lg:p-14 dark:bg-[#12211c]">
        <div className="w-full max-w-md">
          <Sheet />
          <ol className="space-y-6 lg:mt-12">
            {STEPS.map((step, index) => (
              <li key={step.title} className="flex gap-4">
                <span
                  aria-hidden="true"
                  className="grid size-8 shrink-0 place-items-center rounded-full border border-[#f3efe4]/40 font-serif text-sm"
                >
                  {index + 1}
                </span>
                <div>
                  <p className="font-serif text-lg leading-8 font-semibold">{step.title}</p>
                  <p className="text-[#d5dfd7]">{step.text}</p>
                </div>
              </li>
            ))}
          </ol>
        </div>
      </aside>
    </div>
  );
}

/** Decorative illustration: a sheet of paper with a text being written. */
function Sheet() {
  const lines = ['w-11/12', 'w-full', 'w-10/12', 'w-full', 'w-8/12'];
  return (
    <div aria-hidden="true" className="hidden w-72 -rotate-2 lg:block rounded-lg bg-[#faf8f3] p-7 shadow-2xl shadow-black/40">
      <div className="mb-5 h-3.5 w-2/3 rounded-full bg-[#14584b]" />
      <div className="space-y-3">
        {lines.map((width, index) => (
          <div key={index} className={`h-2 rounded-full bg-[#d9d2c0] ${width}`} />
        ))}
        <div className="flex items-center gap-1.5">
          <div className="h-2 w-1/3 rounded-full bg-[#d9d2c0]" />
          <div className="pulse-dot h-4 w-0.5 rounded-none bg-[#b3801f]" />
        </div>
      </div>
    </div>
  );
}
