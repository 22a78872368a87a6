/** Where cards and menus open, so that they are seen whole. */

export interface Size {
  width: number;
  height: number;
}

export interface Place {
  left: number;
  top: number;
}

const GAP = 8;
const EDGE = 12;

/** Below the selection if it fits, else above it, else at the bottom of the window; always inside the window. */
export function placeBeside(words: { left: number; top: number; bottom: number }, box: Size, view: Size): Place {
  const left = Math.max(EDGE, Math.min(words.left, view.width - box.width - EDGE));
  const below = words.bottom + GAP;
  if (below >= EDGE && below + box.height <= view.height - EDGE) return { left, top: below };
  const above = words.top - GAP - box.height;
  if (above >= EDGE && above + box.height <= view.height - EDGE) return { left, top: above };
  return { left, top: Math.max(EDGE, view.height - box.height - EDGE) };
}

export type Side = 'above' | 'below';

/** The side on which a menu opens: the preferred one, unless the menu does not fit there and the other has more room. */
export function sideWithRoom(preferred: Side, height: number, room: Record<Side, number>): Side {
  const other = preferred === 'above' ? 'below' : 'above';
  return height <= room[preferred] || room[preferred] >= room[other] ? preferred : other;
}
