import { useOnline } from '../hooks/useOnline';

/** Says that there is no network as soon as the browser knows. */
export function OfflineBanner({ children }: { children: string }) {
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && <p className="bg-waiting-soft px-4 py-2 text-center text-sm font-medium text-waiting">{children}</p>}
    </div>
  );
}
