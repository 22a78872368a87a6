import { Fragment } from 'react';

import { useLimits } from '../../hooks/useLimits';
import { planOf } from '../../lib/plan';
import { hasWords, type NewTextValues } from '../../lib/newText';
import { usesOf } from '../../lib/usageWords';
import { Button } from '../Button';

const PARTS = ['length', 'language', 'audience', 'start', 'uses'];

interface SendBarProps {
  values: NewTextValues;
  busy: boolean;
  onStartAgain: () => void;
}

/** The submit button, always visible, with a summary of what will be written. */
export function SendBar({ values, busy, onStartAgain }: SendBarProps) {
  const uses = usesOf(useLimits({ ask: false }), 1);
  return (
    <div className="send-bar">
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy} aria-keyshortcuts="Control+Enter" className="min-h-11 px-6 text-base">
          {values.start === 'now' ? 'Write it' : 'Schedule it'}
        </Button>
        <kbd className="hidden text-xs text-muted lg:inline">Ctrl+Enter</kbd>
        {hasWords(values) && (
          <Button look="quiet" className="ml-auto" onClick={onStartAgain}>
            Start again
          </Button>
        )}
      </div>
      <p aria-label="What you will get" role="group" className="mt-2 text-sm text-muted">
        {[...planOf(values), ...(uses ? [uses] : [])].map((part, index) => (
          <Fragment key={PARTS[index]}>
            {index > 0 && <span aria-hidden="true"> · </span>}
            <bdi className="break-words">{part}</bdi>
          </Fragment>
        ))}
      </p>
    </div>
  );
}
