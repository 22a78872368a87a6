/** Authenticated file downloads. */

import { handOver } from '../lib/download';
import { asPerson } from './client';
import { errorFrom, NetworkError } from './errors';
import { answerTo, jsonOf, type Call } from './http';

/** Timeout for a zip of hundreds of texts on a slow connection. */
const PATIENCE_MS = 300_000;

/** Downloads a file under the name from the server. */
export async function download(call: Call): Promise<void> {
  const { blob, name } = await asPerson((headers) => sendForFile({ ...call, headers: { ...call.headers, ...headers }, timeoutMs: PATIENCE_MS }));
  handOver(blob, name);
}

interface ReceivedFile {
  blob: Blob;
  name: string;
}

/** Fetches a file and its name from the server. Throws ApiError or NetworkError. */
async function sendForFile(call: Call): Promise<ReceivedFile> {
  const response = await answerTo(call, '*/*');
  if (!response.ok) throw errorFrom(response.status, await jsonOf(response));
  try {
    return { blob: await response.blob(), name: fileNameIn(response.headers.get('Content-Disposition') ?? '') };
  } catch (error) {
    throw new NetworkError('The download broke off. Please try again.', { cause: error });
  }
}

/** Returns the file name from a Content-Disposition header, including `filename*`; see RFC 6266. */
export function fileNameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  try {
    return encoded === undefined ? (plain ?? 'texts') : decodeURIComponent(encoded);
  } catch {
    return plain ?? 'texts';
  }
}
