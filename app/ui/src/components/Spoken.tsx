import { useEffect, useState } from 'react';

/** Text for screen readers only, announced whenever it changes. */
export function Spoken({ children: said }: { children: string }) {
  // Added after the live region exists, because few screen readers announce a region's initial content.
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
