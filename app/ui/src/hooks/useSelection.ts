import { useState } from 'react';

type Ids = ReadonlySet<string>;

interface Selected {
  /** Identifies the list; a new list starts with an empty selection. */
  list: string;
  ids: Ids;
  /** Whether all texts on all pages are selected. */
  isAll: boolean;
}

const NONE: Omit<Selected, 'list'> = { ids: new Set(), isAll: false };

/** The selection of a list. It persists across pages and is cleared for another list. */
export function useSelection(list: string, shown: readonly string[]) {
  const [state, setState] = useState<Selected>({ list, ...NONE });
  const { ids, isAll } = state.list === list ? state : NONE;
  const change = (how: (ids: Ids) => Ids) => setState((now) => ({ list, ids: how(now.list === list ? now.ids : NONE.ids), isAll: false }));
  const shownSelected = shown.filter((id) => ids.has(id)).length;
  return {
    selected: [...ids],
    isAll,
    /** How much of the shown page is selected. */
    ofShown: shownSelected === 0 ? ('none' as const) : shownSelected === shown.length ? ('all' as const) : ('some' as const),
    elsewhere: ids.size - shownSelected,
    isSelected: (id: string) => ids.has(id),
    toggle: (id: string) => change((now) => (now.has(id) ? without(now, [id]) : new Set([...now, id]))),
    toggleShown: () => change((now) => (shown.every((id) => now.has(id)) ? without(now, shown) : new Set([...now, ...shown]))),
    /**
     * Selects all texts of the list; `asked` were selected at the time of the request. Texts deselected since stay so; nothing
     * happens if the selection was cleared or belongs to another list.
     */
    chooseAll: (found: readonly string[], asked: readonly string[]) =>
      setState((now) => {
        if (now.list !== list || now.ids.size === 0) return now;
        const dropped = asked.filter((id) => !now.ids.has(id));
        return { list, ids: without(new Set([...now.ids, ...found]), dropped), isAll: dropped.length === 0 };
      }),
    /** Deselects texts that have left the list. */
    drop: (gone: readonly string[]) => setState((now) => ({ ...now, ids: without(now.ids, gone) })),
    clear: () => change(() => NONE.ids),
  };
}

export type Selection = ReturnType<typeof useSelection>;

function without(ids: Ids, others: readonly string[]): Ids {
  const left = new Set(ids);
  for (const id of others) left.delete(id);
  return left;
}
