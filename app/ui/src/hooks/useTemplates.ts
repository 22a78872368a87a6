import { useQuery } from '@tanstack/react-query';

import { listTemplates, templateKeys } from '../api/templates';

/** Fetches the user's templates by name, followed by the built-in ones. */
export function useTemplates() {
  return useQuery({ queryKey: templateKeys.all, queryFn: ({ signal }) => listTemplates(signal) });
}
