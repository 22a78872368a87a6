import type { Content } from '../api/types';

/** A revision that no content has, so that saving with it is always a conflict. */
const NEVER = 0;

/** The base of an edit that starts now, as stored with its draft. */
export function baseOf({ revision, updatedAt }: Content): string {
  return revision === undefined ? updatedAt : `r${revision}`;
}

/** The revision that an edit is based on; `draftBase` is the stored base of a restored draft. */
export function textBase(content: Content, draftBase: string | null): number | undefined {
  if (draftBase === null || draftBase === content.updatedAt) return content.revision;
  return draftBase.startsWith('r') ? Number(draftBase.slice(1)) : NEVER;
}
