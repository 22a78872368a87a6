import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { adminKeys, changePerson, type OwnLimits, type Person, type PersonChange } from '../../api/admin';
import { useNotices } from '../../contexts/notices';
import { useAction } from '../../hooks/useAction';
import { useNow } from '../../hooks/useNow';
import { ageOf, exactTime } from '../../lib/age';
import { bytes, count } from '../../lib/usageWords';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { ErrorMessage } from '../ErrorMessage';
import { LimitsForm } from './LimitsForm';

/** A user account with the operator's actions. */
export function PersonRow({ person }: { person: Person }) {
  const [opened, setOpened] = useState<'limits' | 'question' | null>(null);
  const now = useNow(60_000);
  const { run, running, problem } = useChange(person, () => setOpened(null));
  const { email, disabledAt, createdAt, role } = person;
  const isDisabled = disabledAt !== null;
  return (
    <li className="space-y-4 px-4 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-x-2.5 font-semibold">
            <bdi className="min-w-0 break-words">{`${person.firstName} ${person.lastName}`}</bdi>
            {role === 'admin' && <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs text-accent-strong">Operator</span>}
            {isDisabled && <span className="rounded-full bg-danger-soft px-2.5 py-0.5 text-xs text-danger">Disabled</span>}
          </p>
          <p className="text-sm break-all text-muted">{email}</p>
          <p className="text-sm text-muted">
            <span title={exactTime(createdAt)}>{`joined ${ageOf(createdAt, now)}`}</span>
            <span> · </span>
            <span>{limitWords(person.limits)}</span>
          </p>
        </div>
        <Button aria-expanded={opened === 'limits'} onClick={() => setOpened(opened === 'limits' ? null : 'limits')}>
          <span>Limits</span>
          <span className="sr-only">{`of ${email}`}</span>
        </Button>
        <Button
          look={isDisabled ? 'secondary' : 'danger'}
          busy={running?.disabled !== undefined}
          onClick={() => (isDisabled ? void run({ disabled: false }) : setOpened('question'))}
        >
          <span>{isDisabled ? 'Enable' : 'Disable'}</span>
          <span className="sr-only">{email}</span>
        </Button>
      </div>
      {problem && opened !== 'question' && <ErrorMessage>{problem}</ErrorMessage>}
      {opened === 'limits' && <LimitsForm person={person} busy={running !== null} onSave={(limits) => void run({ limits })} onCancel={() => setOpened(null)} />}
      {opened === 'question' && (
        <ConfirmDialog
          title="Disable this account?"
          confirm="Disable"
          busy={running !== null}
          error={problem}
          onConfirm={() => void run({ disabled: true })}
          onCancel={() => setOpened(null)}
        >
          <p>{`${email} is logged out everywhere and cannot log in. Their API keys stop working. Nothing is deleted, and you can enable the account again.`}</p>
        </ConfirmDialog>
      )}
    </li>
  );
}

function useChange(person: Person, close: () => void) {
  const queries = useQueryClient();
  const notices = useNotices();
  return useAction(async (changes: PersonChange) => {
    await changePerson(person.id, changes);
    close();
    await queries.invalidateQueries({ queryKey: adminKeys.all });
    notices.show({ text: changes.limits ? 'Limits saved.' : changes.disabled ? 'Account disabled.' : 'Account enabled.' });
  });
}

function limitWords({ dailyGenerations, monthlyTokens, storedBytes }: OwnLimits): string {
  const own = [
    dailyGenerations !== null && (dailyGenerations ? `${count(dailyGenerations)} texts a day` : 'any number of texts'),
    monthlyTokens !== null && (monthlyTokens ? `${count(monthlyTokens)} tokens a month` : 'any number of tokens'),
    storedBytes !== null && (storedBytes ? `${bytes(storedBytes)} stored` : 'any size'),
  ].filter(Boolean);
  return own.length > 0 ? `own limits: ${own.join(', ')}` : 'the usual limits';
}
