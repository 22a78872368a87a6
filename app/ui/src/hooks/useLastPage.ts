import { useEffect } from 'react';

/** Goes to the last page of a list that has become shorter. `totalPages` is undefined until the list is loaded. */
export function useLastPage(page: number, totalPages: number | undefined, onPage: (page: number) => void): void {
  const last = totalPages === undefined ? page : Math.max(1, totalPages);
  useEffect(() => {
    if (page > last) onPage(last);
  }, [page, last, onPage]);
}
