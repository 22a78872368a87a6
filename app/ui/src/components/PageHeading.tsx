import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

import { useDocumentTitle } from '../hooks/useDocumentTitle';

const LONG_TITLE = 70;

interface PageHeadingProps {
  children: ReactNode;
  documentTitle: string;
  className?: string;
}

/**
 * The one h1 of a page. After a navigation it takes the focus, so that the keyboard and a screen reader begin at the new
 * page; the very first page leaves the focus to the browser, unless it went to the main part while there was no heading.
 */
export function PageHeading({ children, documentTitle, className = '' }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const location = useLocation();
  useDocumentTitle(documentTitle);

  const takeFocus = useEffectEvent(() => {
    const isFirstPage = location.key === 'default';
    if (!isFirstPage || document.activeElement?.id === 'main') heading.current?.focus({ preventScroll: true });
  });
  useEffect(() => takeFocus(), [location.pathname]);

  return (
    <h1 ref={heading} dir="auto" tabIndex={-1} className={`page-title ${documentTitle.length > LONG_TITLE ? 'page-title-long' : ''} ${className}`}>
      {children}
    </h1>
  );
}
