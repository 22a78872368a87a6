import { useEffect, useState } from 'react';

/** Words for screen readers alone, read whenever they change. */
export function Spoken({ children: said }: { children: string }) {
  // Put in after the region is there: a region that begins with words is read by few.
  const [shown, setShown] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setShown(said));
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <p role="status" className="sr-only">
      {shown}
    </p>
  );
}
