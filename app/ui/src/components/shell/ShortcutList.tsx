import { useState } from 'react';

import { useUser } from '../../contexts/auth';
import { SHORTCUTS, SINGLE_KEYS } from '../../hooks/useShortcuts';
import { rememberChoice, rememberedChoice } from '../../lib/drafts';
import { Button } from '../Button';
import { Modal } from './Modal';

/** The keyboard shortcuts, and the setting that turns single-key ones off. */
export default function ShortcutList({ onClose }: { onClose: () => void }) {
  const { id } = useUser();
  const [isOn, setOn] = useState(rememberedChoice(id, SINGLE_KEYS) !== 'off');
  return (
    <Modal label="Keyboard shortcuts" onClose={onClose}>
      <h2 className="font-serif text-xl font-semibold">Keyboard shortcuts</h2>
      <dl className="mt-4 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-5 gap-y-2">
        {SHORTCUTS.map(({ keys, what }) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded-md border border-edge px-1.5 py-0.5 text-sm">{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex min-h-10 items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setOn(event.target.checked);
            rememberChoice(id, SINGLE_KEYS, event.target.checked ? 'on' : 'off');
          }}
          className="size-5 accent-accent"
        />
        <span>Single keys work</span>
      </label>
      <div className="mt-4 flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  );
}
