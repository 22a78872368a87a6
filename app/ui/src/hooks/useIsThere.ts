import { useEffect, useRef } from 'react';

/** Whether the component is still mounted. */
export function useIsThere(): () => boolean {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  return () => shown.current;
}
