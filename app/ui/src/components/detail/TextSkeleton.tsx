const WIDTHS = ['w-full', 'w-11/12', 'w-full', 'w-10/12', 'w-full', 'w-7/12'];

/** Placeholder lines for a text. */
export function TextSkeleton() {
  return (
    <div aria-hidden="true" className="max-w-[66ch] space-y-4 pt-2">
      {WIDTHS.map((width, index) => (
        <div key={index} className={`skeleton h-4 ${width}`} />
      ))}
    </div>
  );
}
