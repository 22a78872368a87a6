import { lazyPart } from '../lazyPart';
import type { Section } from '../SectionsPage';

/** The operators' pages in order: URL segment below /admin, name in the list, and component. */
export const SECTIONS: readonly [Section, ...Section[]] = [
  { path: 'people', label: 'People', Part: lazyPart(() => import('./PeopleSection')) },
  { path: 'queue', label: 'Queue', Part: lazyPart(() => import('./QueueSection')) },
  { path: 'usage', label: 'Usage', Part: lazyPart(() => import('./PeoplesUsageSection')) },
  { path: 'provider', label: 'Provider', Part: lazyPart(() => import('./ProviderSection')) },
  { path: 'record', label: 'Record', Part: lazyPart(() => import('./RecordSection')) },
];
