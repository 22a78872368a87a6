/** The illustration for an empty library: two blank sheets and a pen. */
export function BlankPages() {
  return (
    <svg viewBox="0 0 160 120" className="mb-6 h-28 w-auto" fill="none" aria-hidden="true" focusable="false">
      <rect x="50" y="18" width="66" height="88" rx="6" transform="rotate(7 83 62)" fill="var(--sunken)" stroke="var(--line)" strokeWidth="1.5" />
      <rect x="44" y="16" width="66" height="88" rx="6" transform="rotate(-4 77 60)" fill="var(--raised)" stroke="var(--edge)" strokeWidth="1.5" />
      <g transform="rotate(-4 77 60)" stroke="var(--line)" strokeWidth="3" strokeLinecap="round">
        <path d="M56 34h26" stroke="var(--accent)" />
        <path d="M56 48h42M56 58h38M56 68h20" />
      </g>
      <path d="m83 76 32-36 8 7-32 36-10.5 3.5z" fill="var(--accent-soft)" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" />
      <path d="m110 45.5 8 7" stroke="var(--accent)" strokeWidth="1.5" />
    </svg>
  );
}
