/** The library over a fake server, for tests of what is selected there. */

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';

import type { Content } from '../api/types';
import { NoticesContext, type Notice } from '../contexts/notices';
import ContentList from '../pages/ContentList';
import { exampleContent } from './examples';
import { fakeServer, success, type ReceivedCall } from './fakeServer';
import { renderPage } from './renderPage';

export const LIST = 'GET /api/content';
export const BULK = 'POST /api/content/bulk';

export interface BulkBody {
  ids: string[];
  action: string;
  tag?: string;
}

/** A library of so many texts, with the server's pages and cursors; what is asked for in bulk is done. */
export function library(total: number, others: Parameters<typeof fakeServer>[0] = {}, isCounted = true) {
  const all = textsOf(total);
  return fakeServer({
    [LIST]: ({ query }) => success(pageOf(all, query, isCounted)),
    [BULK]: ({ body }) => success({ done: (body as BulkBody).ids }),
    ...others,
  });
}

export function textsOf(total: number): Content[] {
  return Array.from({ length: total }, (_, place) => exampleContent({ id: `c${place + 1}`, title: `Text ${place + 1}` }));
}

export function pageOf(all: Content[], query: URLSearchParams, isCounted: boolean) {
  const limit = Number(query.get('limit'));
  const page = Number(query.get('page') ?? '1');
  const from = query.has('cursor') ? Number(query.get('cursor')) : (page - 1) * limit;
  const numbers = isCounted ? { total: all.length, page, totalPages: Math.ceil(all.length / limit) } : {};
  const next = from + limit < all.length ? String(from + limit) : null;
  return { contents: all.slice(from, from + limit), pagination: { ...numbers, limit, nextCursor: next } };
}

export async function open(at = '/contents') {
  const show = vi.fn<(notice: Notice) => void>();
  const view = renderPage(
    <NoticesContext value={{ show }}>
      <ContentList />
    </NoticesContext>,
    { at },
  );
  const page = await screen.findByRole('checkbox', { name: 'Select all on this page' });
  return { ...view, show, selectPage: () => selected(page), said: () => show.mock.calls.map(([{ text }]) => text) };
}

async function selected(page: HTMLElement): Promise<void> {
  await userEvent.click(page);
  await screen.findByRole('region', { name: 'Selected texts' });
}

export const bar = () => within(screen.getByRole('region', { name: 'Selected texts' }));
export const click = (name: string) => userEvent.click(bar().getByRole('button', { name }));
export const bulkBodies = (calls: ReceivedCall[]) => calls.map(({ body }) => body as BulkBody);
