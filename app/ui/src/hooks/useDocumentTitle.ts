import { useEffect } from 'react';

import { PRODUCT_NAME } from '../lib/brand';

/** Sets the page title, for the tab, the history and screen readers. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${PRODUCT_NAME}`;
  }, [title]);
}
