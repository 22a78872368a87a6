import { useOnline } from '../hooks/useOnline';

/** Shown while the browser is offline. */
export function OfflineBanner({ children }: { children: string }) {
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && <p className="bg-waiting-soft px-4 py-2 text-center text-sm font-medium text-waiting">{children}</p>}
    </div>
  );
}
