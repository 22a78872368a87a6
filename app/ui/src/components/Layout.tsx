import { Suspense, type ReactElement } from 'react';
import { Link, useLocation } from 'react-router';

import { useUser } from '../contexts/auth';
import { PRODUCT_NAME } from '../lib/brand';
import { useOutgoing } from '../lib/outgoing';
import { ButtonLink } from './Button';
import { ConnectionNotice } from './ConnectionNotice';
import { PlusIcon } from './icons';
import { lazyPart } from './lazyPart';
import { Logo } from './Logo';
import { OfflineBanner } from './OfflineBanner';
import { UserMenu } from './UserMenu';

/** Loaded when there is something to send; without a network it is there already, or comes with it. */
const OutgoingRequests = lazyPart(() => import('./OutgoingRequests'), () => null);

/** The frame around the pages for who is logged in. */
export function Layout({ children }: { children: ReactElement }) {
  const hasOutgoing = useOutgoing(useUser().id).length > 0;
  const isCreating = useLocation().pathname === '/contents/new';
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        Skip to the content
      </a>
      <header className="border-b border-line">
        <div className="page flex h-16 items-center gap-3">
          <Link to="/contents" className="mr-auto flex min-w-0 items-center gap-2.5 rounded-lg font-serif text-lg font-semibold">
            <Logo className="size-8 shrink-0" />
            <span className="hidden truncate min-[480px]:inline">{PRODUCT_NAME}</span>
            <span className="sr-only min-[480px]:hidden">{PRODUCT_NAME}</span>
          </Link>
          {!isCreating && (
            <ButtonLink to="/contents/new" look="primary" icon={<PlusIcon className="size-4" />}>
              New text
            </ButtonLink>
          )}
          <UserMenu />
        </div>
      </header>
      <OfflineBanner>You're offline. We'll keep trying; what you type is saved on this device.</OfflineBanner>
      <main id="main" tabIndex={-1} className="page pt-8 pb-24 sm:pt-10">
        {children}
      </main>
      {hasOutgoing && (
        <Suspense fallback={null}>
          <OutgoingRequests />
        </Suspense>
      )}
      <ConnectionNotice />
    </>
  );
}
