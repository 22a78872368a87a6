import { lazy, Suspense, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { PRODUCT_NAME } from '../lib/brand';
import { useUser } from '../contexts/auth';
import { AVATAR, initialsOf } from './Avatar';
import { ButtonLink } from './Button';
import { ConnectionNotice } from './ConnectionNotice';
import { PlusIcon } from './icons';
import { Logo } from './Logo';

// Menus bring a library of their own: the page does not wait for it.
const UserMenu = lazy(() => import('./UserMenu'));

/** The frame around the pages for who is logged in. */
export function Layout({ children }: { children: ReactNode }) {
  const user = useUser();
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
          <Suspense fallback={<span className={AVATAR}>{initialsOf(user)}</span>}>
            <UserMenu />
          </Suspense>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="page pt-8 pb-24 sm:pt-10">
        {children}
      </main>
      <ConnectionNotice />
    </>
  );
}
