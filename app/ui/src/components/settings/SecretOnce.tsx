import { useEffect, useRef, useState } from 'react';

import { copyText } from '../../lib/clipboard';
import { Button } from '../Button';
import { CheckIcon, CopyIcon } from '../icons';

interface SecretOnceProps {
  /** What it is: "The key “Shop import”". */
  label: string;
  secret: string;
  onDone: () => void;
}

/** A secret that the server returns only once. It is stored nowhere else. */
export function SecretOnce({ label, secret, onDone }: SecretOnceProps) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const copy = () => {
    copyText(secret).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };

  return (
    <section aria-label={label} className="rounded-2xl border border-accent bg-accent-soft p-5">
      <h2 ref={heading} tabIndex={-1} className="font-semibold">
        Copy it now. We won't show it again.
      </h2>
      <p dir="auto" className="mt-1 text-sm break-words">
        {label}
      </p>
      {/* One tap takes all of it. */}
      <code className="mt-3 block rounded-xl border border-edge/60 bg-surface p-3 text-sm break-all select-all">{secret}</code>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button look="primary" icon={copied ? <CheckIcon className="size-4" /> : <CopyIcon className="size-4" />} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button onClick={onDone}>I've saved it</Button>
        <p role="status" className="text-sm">
          {copied === false ? 'The browser did not let us copy. Select it and copy it yourself.' : ''}
        </p>
      </div>
    </section>
  );
}
