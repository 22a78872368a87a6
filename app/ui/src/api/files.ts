/** Files that the server makes: fetched as the person who is logged in, and handed to the browser. */

import { handOver } from '../lib/download';
import { asPerson } from './client';
import { errorFrom, NetworkError } from './errors';
import { answerTo, jsonOf, type Call } from './http';

/** A zip of hundreds of texts may take a while on a slow line. */
const PATIENCE_MS = 300_000;

/** Fetches a file and has the browser save it under the name that the server gave it. */
export async function download(call: Call): Promise<void> {
  const { blob, name } = await asPerson((headers) => sendForFile({ ...call, headers: { ...call.headers, ...headers }, timeoutMs: PATIENCE_MS }));
  handOver(blob, name);
}

interface ReceivedFile {
  blob: Blob;
  name: string;
}

/** One HTTP request whose answer is a file, with the name that the server gives it. Throws ApiError or NetworkError. */
async function sendForFile(call: Call): Promise<ReceivedFile> {
  const response = await answerTo(call, '*/*');
  if (!response.ok) throw errorFrom(response.status, await jsonOf(response));
  try {
    return { blob: await response.blob(), name: fileNameIn(response.headers.get('Content-Disposition') ?? '') };
  } catch (error) {
    throw new NetworkError('The download broke off. Please try again.', { cause: error });
  }
}

/** The name in a Content-Disposition, in any script; see RFC 6266. */
export function fileNameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  try {
    return encoded === undefined ? (plain ?? 'texts') : decodeURIComponent(encoded);
  } catch {
    return plain ?? 'texts';
  }
}
