import { useEffect, useEffectEvent, useState } from 'react';

import { MAX_SEARCH } from '../../hooks/useListFilters';
import { SearchIcon } from '../icons';

const TYPING_MS = 300;

interface SearchFieldProps {
  q: string | null;
  onSearch: (q: string | null) => void;
}

/** Searches as the user types. The query is stored in the URL. */
export function SearchField({ q, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(q ?? '');
  const [known, setKnown] = useState(q);
  // Back and Forward change the URL, and the field follows.
  if (q !== known) {
    setKnown(q);
    if ((q ?? '') !== typed.trim()) setTyped(q ?? '');
  }
  const search = useEffectEvent(() => {
    const wanted = typed.trim() === '' ? null : typed.trim();
    if (wanted !== q) onSearch(wanted);
  });
  useEffect(() => {
    const timer = setTimeout(() => search(), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <label className="relative block min-w-0 flex-1 basis-64">
      <span className="sr-only">Search titles and texts</span>
      <SearchIcon className="pointer-events-none absolute top-1/2 left-3.5 size-5 -translate-y-1/2 text-muted" />
      <input
        type="search"
        dir="auto"
        maxLength={MAX_SEARCH}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        placeholder="Search titles and texts"
        aria-keyshortcuts="/"
        className="input pl-11"
      />
    </label>
  );
}
