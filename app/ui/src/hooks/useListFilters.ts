import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';

import { PAGE_SIZE } from '../api/contents';
import {
  CONTENT_TYPES,
  GENERATION_STATUSES,
  PUBLICATION_STATUSES,
  SORTS,
  type ContentFilters,
} from '../api/types';

/** The server's limit. */
export const MAX_SEARCH = 200;
const MAX_PAGE = 1_000_000;
const LONGEST_TAG = 40;
const ID = /^[0-9a-f]{24}$/i;
export const PAGE_SIZES = [PAGE_SIZE, 50, 100];

export const NO_FILTERS: ContentFilters = {
  page: 1,
  size: null,
  q: null,
  tag: null,
  batchId: null,
  sort: null,
  trash: null,
  cursor: null,
  contentType: null,
  status: null,
  generationStatus: null,
};

/** The list's filters and page, stored only in the URL; invalid values are ignored. */
export function useListFilters() {
  const [params, setParams] = useSearchParams();

  const filters = useMemo(() => filtersIn(params), [params]);
  const latest = useRef(params);
  useEffect(() => {
    latest.current = params;
  }, [params]);

  /**
   * Changes some filters; any change but the page's own leads back to the first page. Two changes may come before the
   * first of them is rendered: the second builds on the first. A search that is typed on replaces its entry in the history.
   */
  const change = useCallback(
    (changes: Partial<ContentFilters>) => {
      const before = filtersIn(latest.current);
      latest.current = toParams({ ...before, page: 1, cursor: null, ...changes });
      setParams(latest.current, { replace: 'q' in changes && before.q !== null });
    },
    [setParams],
  );

  return { filters, change, isFiltered: isFiltered(filters) };
}

/** Whether the list leaves anything out; the trash counts as a filter. */
export function isFiltered({ q, tag, batchId, trash, contentType, status, generationStatus }: ContentFilters): boolean {
  return Boolean(q ?? tag ?? batchId ?? trash ?? contentType ?? status ?? generationStatus);
}

function filtersIn(params: URLSearchParams): ContentFilters {
  return {
    page: pageFrom(params.get('page')),
    size: PAGE_SIZES.find((size) => String(size) === params.get('size')) ?? null,
    q: given(params.get('q')?.slice(0, MAX_SEARCH)),
    tag: given(params.get('tag')?.slice(0, LONGEST_TAG)),
    batchId: ID.exec(params.get('batchId') ?? '')?.[0] ?? null,
    sort: oneOf(SORTS, params.get('sort')),
    trash: params.get('trash') === 'true' ? true : null,
    cursor: given(params.get('cursor')),
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

function toParams({ page, size, q, tag, batchId, sort, trash, cursor, contentType, status, generationStatus }: ContentFilters): URLSearchParams {
  const params = new URLSearchParams();
  if (q) params.set('q', q);
  if (tag) params.set('tag', tag);
  if (batchId) params.set('batchId', batchId);
  if (sort && sort !== 'newest') params.set('sort', sort);
  if (trash) params.set('trash', 'true');
  if (cursor) params.set('cursor', cursor);
  if (contentType) params.set('type', contentType);
  if (status) params.set('status', status);
  if (generationStatus) params.set('generation', generationStatus);
  if (size && size !== PAGE_SIZE) params.set('size', String(size));
  if (page > 1) params.set('page', String(page));
  return params;
}

function given(value: string | null | undefined): string | null {
  return value === '' ? null : (value ?? null);
}

function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null {
  return choices.find((choice) => choice === value) ?? null;
}

function pageFrom(value: string | null): number {
  const page = /^\d+$/.test(value ?? '') ? Number(value) : 1;
  return page >= 1 && page <= MAX_PAGE ? page : 1;
}
