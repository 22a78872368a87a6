/** Files that the server makes: fetched as the person who is logged in, and handed to the browser. */

import { handOver } from '../lib/download';
import { asPerson } from './client';
import { sendForFile, type Call } from './http';

/** A zip of hundreds of texts may take a while on a slow line. */
const PATIENCE_MS = 300_000;

/** Fetches a file and has the browser save it under the name that the server gave it. */
export async function download(call: Call): Promise<void> {
  const { blob, name } = await asPerson((headers) => sendForFile({ ...call, headers: { ...call.headers, ...headers }, timeoutMs: PATIENCE_MS }));
  handOver(blob, name);
}
