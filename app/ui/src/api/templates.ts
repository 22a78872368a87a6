/** Templates: requests with variables such as {{product_name}}, the user's own and built-in ones. */

import { newId } from '../lib/tabId';
import { request } from './client';
import type { Brief, Content, ContentType } from './types';

export interface TemplateFields {
  name: string;
  contentType: ContentType;
  title: string;
  prompt: string;
  brief: Brief | null;
}

export interface Template extends TemplateFields {
  id: string;
  /** The names of the variables in title, prompt and brief, in order. */
  variables: string[];
  builtIn: boolean;
  /** null for a built-in template. */
  updatedAt: string | null;
}

export const templateKeys = {
  all: ['templates'] as const,
};

export async function listTemplates(signal?: AbortSignal): Promise<Template[]> {
  const { templates } = await request<{ templates: Template[] }>({ path: '/templates', signal });
  return templates;
}

export function getTemplate(id: string): Promise<Template> {
  return request<Template>({ path: pathOf(id) });
}

/** Idempotent per `key`. */
export function createTemplate({ brief, ...fields }: TemplateFields, key: string = newId()): Promise<Template> {
  const body = brief === null ? fields : { ...fields, brief };
  return request<Template>({ method: 'POST', path: '/templates', body, headers: { 'Idempotency-Key': key } });
}

export function updateTemplate(id: string, fields: TemplateFields): Promise<Template> {
  return request<Template>({ method: 'PUT', path: pathOf(id), body: { ...fields, brief: fields.brief ?? {} } });
}

export function deleteTemplate(id: string): Promise<void> {
  return request<undefined>({ method: 'DELETE', path: pathOf(id) });
}

/** Requests a text from a template and values, to be started immediately. */
export function generateFromTemplate(templateId: string, variables: Record<string, string>, key: string): Promise<Content> {
  const body = { templateId, variables, runAt: 'now' };
  return request<Content>({ method: 'POST', path: '/content/generate', body, headers: { 'Idempotency-Key': key } });
}

function pathOf(id: string): string {
  return `/templates/${encodeURIComponent(id)}`;
}
