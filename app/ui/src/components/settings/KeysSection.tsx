import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { accountKeys, listApiKeys, revokeApiKey, type ApiKey, type CreatedApiKey } from '../../api/account';
import { isStatus, messageOf } from '../../api/errors';
import { useNotices } from '../../contexts/notices';
import { useAction } from '../../hooks/useAction';
import { useNow } from '../../hooks/useNow';
import { ageOf, exactTime } from '../../lib/age';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { ErrorMessage } from '../ErrorMessage';
import { PlusIcon } from '../icons';
import { Loader } from '../Loader';
import { NewKeyForm } from './NewKeyForm';
import { SecretOnce } from './SecretOnce';
import { SectionFrame } from './SectionFrame';

/** API keys: create, show once, list and revoke. */
export default function KeysSection() {
  const keys = useQuery({ queryKey: accountKeys.apiKeys, queryFn: ({ signal }) => listApiKeys(signal) });
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedApiKey | null>(null);

  return (
    <SectionFrame title="API keys" lead="For scripts that write texts for you: each key works without your password, and ends when you revoke it.">
      <div className="space-y-5">
        {made && (
          <SecretOnce label={`The key “${made.name}”`} secret={made.key} onDone={() => setMade(null)} />
        )}
        {isMaking ? (
          <NewKeyForm
            onMade={(key) => {
              setMaking(false);
              setMade(key);
            }}
            onCancel={() => setMaking(false)}
          />
        ) : (
          <Button look="primary" icon={<PlusIcon className="size-4" />} onClick={() => setMaking(true)}>
            New API key
          </Button>
        )}
        {keys.isPending && <Loader label="Loading your keys" />}
        {keys.isError && <ErrorMessage onRetry={() => void keys.refetch()}>{messageOf(keys.error)}</ErrorMessage>}
        {keys.data && <Keys keys={keys.data} />}
        <p className="text-sm">
          <a href="/api/docs" className="link">
            API reference
          </a>
        </p>
      </div>
    </SectionFrame>
  );
}

function Keys({ keys }: { keys: ApiKey[] }) {
  const now = useNow(60_000);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const revoking = useRevoking(() => setAsked(null));
  if (keys.length === 0) return <p className="text-muted">You have no API keys yet.</p>;
  return (
    <>
      <ul className="card divide-y divide-line">
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} now={now} onRevoke={() => setAsked(key)} />
        ))}
      </ul>
      {asked && (
        <ConfirmDialog
          title="Revoke this key?"
          confirm="Revoke"
          busy={revoking.running !== null}
          error={revoking.problem}
          onConfirm={() => void revoking.run(asked)}
          onCancel={() => setAsked(null)}
        >
          <p>
            <bdi>{asked.name}</bdi>
            <span> stops working within two seconds, and cannot be brought back.</span>
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function KeyRow({ apiKey, now, onRevoke }: { apiKey: ApiKey; now: number; onRevoke: () => void }) {
  const { name, scopes, expiresAt, lastUsedAt } = apiKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-56">
        <p dir="auto" className="font-semibold break-words">
          {name}
        </p>
        <p className="mt-1 flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <code key={scope} className="rounded-md bg-sunken px-1.5 py-0.5 text-xs">
              {scope}
            </code>
          ))}
        </p>
        <p className="mt-1 text-sm text-muted">
          <time dateTime={expiresAt}>{`Expires ${exactTime(expiresAt)}`}</time>
          <span> · </span>
          <span>{lastUsedAt === null ? 'never used' : `last used ${ageOf(lastUsedAt, now)}`}</span>
        </p>
      </div>
      <Button look="danger" onClick={onRevoke}>
        <span>Revoke</span>
        <span className="sr-only">{name}</span>
      </Button>
    </li>
  );
}

function useRevoking(close: () => void) {
  const queries = useQueryClient();
  const notices = useNotices();
  return useAction(async ({ id, name }: ApiKey) => {
    // A missing key was already revoked in another tab, or has expired.
    await revokeApiKey(id).catch((error: unknown) => {
      if (!isStatus(error, 404)) throw error;
    });
    close();
    notices.show({ subject: name, text: 'is revoked.' });
    await queries.invalidateQueries({ queryKey: accountKeys.apiKeys });
  });
}
