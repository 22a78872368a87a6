import { useLayoutEffect, useRef, useState, type ComponentProps } from 'react';

import { placeBeside, type Place } from '../../lib/placement';
import type { EditorHandle } from '../editor/handle';

interface FloatingProps extends ComponentProps<'div'> {
  editor: EditorHandle;
  /** A card at the bottom of the window, if there is no room beside the selection. */
  isSheet: boolean;
}

/** A card beside the selection that moves with it; on phones, at the bottom of the window. */
export function Floating({ editor, isSheet, className = '', children, ...rest }: FloatingProps) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || isSheet) return;
    let asked = 0;
    const put = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        const words = editor.coordsAtSelection();
        const { offsetWidth: width, offsetHeight: height } = element;
        const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
        setPlace((before) => (words ? placeBeside(words, { width, height }, view) : (before ?? placeBeside({ left: 0, top: -1e6, bottom: -1e6 }, { width, height }, view))));
      });
    };
    put();
    const forget = [editor.onSelectionChange(put), editor.onDocChange(put)];
    const sizes = 'ResizeObserver' in window ? new ResizeObserver(put) : null;
    sizes?.observe(element);
    window.addEventListener('scroll', put, { passive: true, capture: true });
    window.addEventListener('resize', put);
    return () => {
      cancelAnimationFrame(asked);
      forget.forEach((stop) => stop());
      sizes?.disconnect();
      window.removeEventListener('scroll', put, { capture: true });
      window.removeEventListener('resize', put);
    };
  }, [editor, isSheet]);

  const where = isSheet ? 'inset-x-0 bottom-16 max-h-[60dvh] overflow-y-auto rounded-b-none sm:bottom-0' : 'w-max max-w-[min(28rem,calc(100vw-1.5rem))]';
  return (
    <div
      ref={box}
      {...rest}
      style={isSheet ? undefined : { left: place?.left ?? 0, top: place?.top ?? 0, opacity: place ? undefined : 0 }}
      className={`menu fixed shadow-xl ${where} ${className}`}
    >
      {children}
    </div>
  );
}
