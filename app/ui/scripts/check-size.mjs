// Fails when the JavaScript of any first page weighs more than the budget, compressed as a server sends it.
import { readFileSync, statSync } from 'node:fs';

const BUDGET_KB = 150;
const MEMBERS_PAGES = ['ContentList', 'ContentCreate', 'ContentDetail'];
const FIRST_PAGES = ['Login', 'Register', ...MEMBERS_PAGES];

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** All chunks that the browser needs before `keys` can run. */
function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

function chunkOf(module) {
  const key = `src/${module}.tsx`;
  if (!manifest[key]) throw new Error(`no chunk for ${key}`);
  return key;
}

function compressedBytes(chunks) {
  return [...chunks].reduce((sum, key) => sum + statSync(new URL(`${manifest[key].file}.gz`, dist)).size, 0);
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
let tooLarge = false;
for (const page of FIRST_PAGES) {
  const shell = MEMBERS_PAGES.includes(page) ? chunkOf('components/MembersOnly') : entry;
  const kilobytes = compressedBytes(closure([entry, shell, chunkOf(`pages/${page}`)])) / 1000;
  tooLarge ||= kilobytes > BUDGET_KB;
  console.log(`${page.padEnd(14)} ${kilobytes.toFixed(1)} kB of ${BUDGET_KB} kB`);
}
if (tooLarge) {
  console.error('The first load is over its budget.');
  process.exit(1);
}
