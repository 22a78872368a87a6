import { lazyPart } from '../lazyPart';
import type { Section } from '../SectionsPage';

/** The sections of the settings in order: URL segment below /settings, name in the list, and component. */
export const SECTIONS: readonly [Section, ...Section[]] = [
  { path: 'profile', label: 'Profile', Part: lazyPart(() => import('./ProfileSection')) },
  { path: 'password', label: 'Password', Part: lazyPart(() => import('./PasswordSection')) },
  { path: 'sessions', label: 'Sessions', Part: lazyPart(() => import('./SessionsSection')) },
  { path: 'appearance', label: 'Appearance', Part: lazyPart(() => import('./AppearanceSection')) },
  { path: 'defaults', label: 'Defaults', Part: lazyPart(() => import('./DefaultsSection')) },
  { path: 'keys', label: 'API keys', Part: lazyPart(() => import('./KeysSection')) },
  { path: 'webhooks', label: 'Webhooks', Part: lazyPart(() => import('./WebhooksSection')) },
  { path: 'data', label: 'Your data', Part: lazyPart(() => import('./DataSection')) },
];
