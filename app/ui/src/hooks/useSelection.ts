import { useState } from 'react';

interface Selected {
  /** Identifies the list; a new list starts with an empty selection. */
  list: string;
  ids: ReadonlySet<string>;
  /** Whether all texts on all pages are selected. */
  isAll: boolean;
}

const NONE: Omit<Selected, 'list'> = { ids: new Set(), isAll: false };

/** The selection of a list. It persists across pages and is cleared for another list. */
export function useSelection(list: string, shown: readonly string[]) {
  const [state, setState] = useState<Selected>({ list, ...NONE });
  const { ids, isAll } = state.list === list ? state : NONE;
  const choose = (next: Iterable<string>, all = false) => setState({ list, ids: new Set(next), isAll: all });
  const shownSelected = shown.filter((id) => ids.has(id)).length;
  return {
    selected: [...ids],
    isAll,
    /** How much of what is shown is selected. */
    ofShown: shownSelected === 0 ? ('none' as const) : shownSelected === shown.length ? ('all' as const) : ('some' as const),
    elsewhere: ids.size - shownSelected,
    isSelected: (id: string) => ids.has(id),
    toggle: (id: string) => choose(ids.has(id) ? [...ids].filter((each) => each !== id) : [...ids, id]),
    toggleShown: () => choose(shownSelected === shown.length ? [...ids].filter((id) => !shown.includes(id)) : [...ids, ...shown]),
    choose,
    clear: () => choose([]),
  };
}

export type Selection = ReturnType<typeof useSelection>;
