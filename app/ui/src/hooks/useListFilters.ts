import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';

import {
  CONTENT_TYPES,
  GENERATION_STATUSES,
  PUBLICATION_STATUSES,
  type ContentFilters,
} from '../api/types';

const MAX_PAGE = 1_000_000;

/** The list's filters and page, which live in the address alone; values that cannot be are as if they were not there. */
export function useListFilters() {
  const [params, setParams] = useSearchParams();

  const filters = useMemo(() => filtersIn(params), [params]);
  const latest = useRef(params);
  useEffect(() => {
    latest.current = params;
  }, [params]);

  /**
   * Changes some filters; any change but the page's own leads back to the first page. Two changes may come before the
   * first of them is rendered: the second builds on the first.
   */
  const change = useCallback(
    (changes: Partial<ContentFilters>) => {
      latest.current = toParams({ ...filtersIn(latest.current), page: 1, ...changes });
      setParams(latest.current);
    },
    [setParams],
  );

  return { filters, change, isFiltered: Boolean(filters.contentType ?? filters.status ?? filters.generationStatus) };
}

function filtersIn(params: URLSearchParams): ContentFilters {
  return {
    page: pageFrom(params.get('page')),
    contentType: oneOf(CONTENT_TYPES, params.get('type')),
    status: oneOf(PUBLICATION_STATUSES, params.get('status')),
    generationStatus: oneOf(GENERATION_STATUSES, params.get('generation')),
  };
}

/** The address of a page of the same list. */
export function addressOf(filters: ContentFilters): string {
  const query = toParams(filters).toString();
  return query ? `/contents?${query}` : '/contents';
}

function toParams({ page, contentType, status, generationStatus }: ContentFilters): URLSearchParams {
  const params = new URLSearchParams();
  if (contentType) params.set('type', contentType);
  if (status) params.set('status', status);
  if (generationStatus) params.set('generation', generationStatus);
  if (page > 1) params.set('page', String(page));
  return params;
}

function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null {
  return choices.find((choice) => choice === value) ?? null;
}

function pageFrom(value: string | null): number {
  const page = /^\d+$/.test(value ?? '') ? Number(value) : 1;
  return page >= 1 && page <= MAX_PAGE ? page : 1;
}
