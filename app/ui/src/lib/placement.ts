/** Positions a floating card beside the selection without covering it. */

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
