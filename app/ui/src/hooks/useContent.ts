import { useQuery } from '@tanstack/react-query';

import { contentKeys } from '../api/contentCache';
import { getContent } from '../api/contents';

/** One content, as it is on the server or as the last event said. */
export function useContent(id: string) {
  return useQuery({ queryKey: contentKeys.detail(id), queryFn: ({ signal }) => getContent(id, signal) });
}
