import type { Content } from '../api/types';

/** What no content has: whatever is saved with it is a conflict. */
const NEVER = 0;

/** What an edit that begins now goes on from, as it is kept with a draft. */
export function baseOf({ revision, updatedAt }: Content): string {
  return revision === undefined ? updatedAt : `r${revision}`;
}

/** The revision that an edit goes on from; `draftBase` is what a draft that is taken up was kept with. */
export function textBase(content: Content, draftBase: string | null): number | undefined {
  if (draftBase === null || draftBase === content.updatedAt) return content.revision;
  return draftBase.startsWith('r') ? Number(draftBase.slice(1)) : NEVER;
}
