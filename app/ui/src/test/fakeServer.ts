import { vi } from 'vitest';

export interface ReceivedCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Answer = (call: ReceivedCall) => Response | Promise<Response>;

/** Stands where the network begins: answers by "METHOD /path", and remembers what was asked. Anything else is a 404. */
export function fakeServer(answers: Record<string, Answer>) {
  const calls: ReceivedCall[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, 'http://server.test');
    const call: ReceivedCall = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    calls.push(call);
    await Promise.resolve();
    const response = await (answers[`${call.method} ${call.path}`] ?? (() => failure(404, 'Not found')))(call);
    init.signal?.throwIfAborted();
    return response;
  });
  return {
    calls,
    callsTo: (route: string) => calls.filter((call) => `${call.method} ${call.path}` === route),
  };
}

export function success(data: unknown, statusCode = 200): Response {
  return json(statusCode, { success: true, message: 'ok', data, statusCode });
}

export function failure(statusCode: number, message: string, errors?: { field: string; message: string }[]): Response {
  return json(statusCode, { success: false, message, statusCode, code: 'test', errors, requestId: 'request-1' });
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}
