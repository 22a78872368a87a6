/** The mark: the nib of a pen on a page. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#14584b" />
      <path d="M16 5.5 21.8 16 18 25h-4l-3.8-9z" fill="#faf8f3" />
      <path d="M16 5.5v10.2" stroke="#14584b" strokeWidth="1.6" />
      <circle cx="16" cy="17" r="1.9" fill="#14584b" />
      <path d="M13.2 26.6h5.6" stroke="#e7b45a" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
