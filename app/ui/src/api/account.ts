/** Requests for the user's account: profile, password, sessions, API keys. */

import { request } from './client';
import { download } from './files';
import type { Preferences, User } from './types';

export interface ProfileChanges {
  firstName?: string;
  lastName?: string;
  /** Omitted fields stay unchanged; null resets a choice. */
  preferences?: Preferences;
}

/** A session. `current` marks the one of this page. */
export interface OpenSession {
  id: string;
  device: string;
  address: string;
  createdAt: string;
  lastUsedAt: string;
  current: boolean;
}

export const KEY_SCOPES = ['content:read', 'content:write', 'generate'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface ApiKey {
  id: string;
  name: string;
  scopes: KeyScope[];
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

export interface NewApiKey {
  name: string;
  scopes: KeyScope[];
  expiresInDays: number;
}

/** A newly created key; the only response with its secret. */
export type CreatedApiKey = ApiKey & { key: string };

export const accountKeys = {
  sessions: ['account', 'sessions'] as const,
  apiKeys: ['account', 'api-keys'] as const,
};

export async function changeProfile(changes: ProfileChanges): Promise<User> {
  return (await request<{ user: User }>({ method: 'PUT', path: '/auth/me', body: changes })).user;
}

export function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  return request<undefined>({ method: 'POST', path: '/auth/password', body: { currentPassword, newPassword } });
}

export async function listSessions(signal?: AbortSignal): Promise<OpenSession[]> {
  return (await request<{ sessions: OpenSession[] }>({ path: '/auth/sessions', signal })).sessions;
}

export function endSession(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: `/auth/sessions/${encodeURIComponent(id)}` });
}

export async function listApiKeys(signal?: AbortSignal): Promise<ApiKey[]> {
  return (await request<{ keys: ApiKey[] }>({ path: '/auth/keys', signal })).keys;
}

export function createApiKey(key: NewApiKey): Promise<CreatedApiKey> {
  return request<CreatedApiKey>({ method: 'POST', path: '/auth/keys', body: key });
}

export function revokeApiKey(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: `/auth/keys/${encodeURIComponent(id)}` });
}

/** Deletes the account and all its data. Throws ApiError 422 for a wrong password. */
export function deleteAccount(password: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: '/auth/me', body: { password } });
}

/** Downloads all data of the user as a zip. */
export function downloadEverything(): Promise<void> {
  return download({ path: '/auth/me/export' });
}
