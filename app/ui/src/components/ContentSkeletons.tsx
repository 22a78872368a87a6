/** Placeholder cards of the same size as the real ones. */
export function ContentSkeletons({ count }: { count: number }) {
  return (
    <div aria-hidden="true" className="space-y-3">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="card flex gap-4 p-4 sm:p-5">
          <div className="skeleton hidden size-11 shrink-0 rounded-xl sm:block" />
          <div className="flex-1">
            <div className="skeleton h-6 w-3/5" />
            <div className="skeleton mt-2 h-4 w-full" />
            <div className="skeleton mt-1.5 h-4 w-4/5" />
            <div className="skeleton mt-4 h-5 w-40" />
          </div>
        </div>
      ))}
    </div>
  );
}
