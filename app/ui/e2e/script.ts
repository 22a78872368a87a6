import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Ended {
  code: number | null;
  printed: string;
  complaints: string;
}

/** Runs the Python script of docs/scripting.md as a reader would: with an address, an API key and one line per product. */
export async function runDocumentedScript(address: string, key: string, products: readonly string[]): Promise<Ended> {
  const page = await readFile(new URL('../../../docs/scripting.md', import.meta.url), 'utf8');
  const script = /^```python write_texts\.py\n(.*?)^```$/ms.exec(page)?.[1];
  if (script === undefined) throw new Error('docs/scripting.md has no write_texts.py');
  const file = join(await mkdtemp(join(tmpdir(), 'script-')), 'write_texts.py');
  await writeFile(file, script);
  const started = spawn(process.env.E2E_PYTHON ?? 'python3', [file], { env: { PATH: process.env.PATH, ACG_URL: address, ACG_KEY: key } });
  const ended = { printed: '', complaints: '' };
  started.stdout.on('data', (piece: Buffer) => (ended.printed += piece.toString()));
  started.stderr.on('data', (piece: Buffer) => (ended.complaints += piece.toString()));
  started.stdin.end(products.join('\n'));
  return new Promise((resolve, reject) => {
    started.on('error', reject);
    started.on('close', (code) => resolve({ code, ...ended }));
  });
}
