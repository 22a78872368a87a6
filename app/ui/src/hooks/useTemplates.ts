import { useQuery } from '@tanstack/react-query';

import { listTemplates, templateKeys } from '../api/templates';

/** A person's templates by name, then those that are built in. */
export function useTemplates() {
  return useQuery({ queryKey: templateKeys.all, queryFn: ({ signal }) => listTemplates(signal) });
}
