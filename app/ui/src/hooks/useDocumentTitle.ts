import { useEffect } from 'react';

import { PRODUCT_NAME } from '../lib/brand';

/** Names the page in the tab, in the history and for screen readers. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${PRODUCT_NAME}`;
  }, [title]);
}
