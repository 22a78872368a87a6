import { useEffect, useRef, useState, type SyntheticEvent } from 'react';

import { Button } from '../Button';

interface TagFormProps {
  isBusy: boolean;
  onTag: (tag: string) => void;
  onClose: () => void;
}

/** Adds a tag to the selected texts. */
export function TagForm({ isBusy, onTag, onClose }: TagFormProps) {
  const [tag, setTag] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isBusy || tag.trim() === '') return;
    onTag(tag.trim());
  };
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form onSubmit={submit} className="order-2 flex w-full items-center justify-end gap-2">
      <label className="max-w-64 min-w-0 flex-1">
        <span className="sr-only">Tag</span>
        <input
          ref={field}
          type="text"
          dir="auto"
          maxLength={40}
          value={tag}
          onChange={(event) => setTag(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
          placeholder="Tag"
          autoComplete="off"
          className="input py-1.5 text-sm"
        />
      </label>
      <Button type="submit" busy={isBusy}>
        Add tag
      </Button>
    </form>
  );
}
