import { useQuery } from '@tanstack/react-query';

import { contentKeys } from '../api/contentCache';
import { getContent } from '../api/contents';

/** Fetches a content, with the latest events applied. */
export function useContent(id: string) {
  return useQuery({ queryKey: contentKeys.detail(id), queryFn: ({ signal }) => getContent(id, signal) });
}
