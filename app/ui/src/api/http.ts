import { learnServerTime } from '../lib/serverClock';
import { errorFrom, NetworkError } from './errors';

const TIMEOUT_MS = 30_000;

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Sends an HTTP request and returns the `data` of its envelope. Throws ApiError or NetworkError. Independent of sessions. */
export async function send<T>(call: Call): Promise<T> {
  const response = await answerTo(call, 'application/json');
  if (response.status === 204) return undefined as T;
  const envelope = await jsonOf(response);
  if (!response.ok || !isSuccess(envelope)) throw errorFrom(response.status, envelope);
  return envelope.data as T;
}

/** Returns the server's response with any status. Throws NetworkError. */
export async function answerTo({ method = 'GET', path, query, body, headers, signal, timeoutMs }: Call, accept: string): Promise<Response> {
  const askedAt = Date.now();
  const isForm = body instanceof FormData;
  const json: Record<string, string> = body === undefined || isForm ? {} : { 'Content-Type': 'application/json' };
  const response = await fetched(`/api${path}${queryString(query)}`, {
    method,
    headers: { Accept: accept, ...json, ...headers },
    body: body === undefined || isForm ? body : JSON.stringify(body),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: withTimeout(signal, timeoutMs),
  }, signal);
  learnServerTime(response.headers.get('Date'), askedAt, Date.now());
  return response;
}

async function fetched(url: string, init: RequestInit, callers: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (callers?.aborted) throw error;
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new NetworkError(
      late ? 'The server took too long to answer. Please try again.' : 'The server cannot be reached. Check your connection and try again.',
      { cause: error },
    );
  }
}

/** Parses the body as JSON; null if it is invalid. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function isSuccess(envelope: unknown): envelope is { data: unknown } {
  return typeof envelope === 'object' && envelope !== null && (envelope as { success?: unknown }).success === true;
}

function withTimeout(signal: AbortSignal | undefined, milliseconds = TIMEOUT_MS): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function queryString(query: Call['query']): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
