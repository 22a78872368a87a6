import { useQuery, useQueryClient } from '@tanstack/react-query';

import { accountKeys, endSession, listSessions, type OpenSession } from '../../api/account';
import { isStatus, messageOf } from '../../api/errors';
import { useAuth } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { useAction } from '../../hooks/useAction';
import { useNow } from '../../hooks/useNow';
import { ageOf, exactTime } from '../../lib/age';
import { deviceName } from '../../lib/deviceName';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { SectionFrame } from './SectionFrame';

/** The user's sessions, which can be ended. */
export default function SessionsSection() {
  const sessions = useQuery({ queryKey: accountKeys.sessions, queryFn: ({ signal }) => listSessions(signal) });
  return (
    <SectionFrame title="Sessions" lead="Where you are logged in. A session that you log out ends within seconds.">
      {sessions.isPending && <Loader label="Loading your sessions" />}
      {sessions.isError && <ErrorMessage onRetry={() => void sessions.refetch()}>{messageOf(sessions.error)}</ErrorMessage>}
      {sessions.data && <Sessions sessions={sessions.data} />}
    </SectionFrame>
  );
}

function Sessions({ sessions }: { sessions: OpenSession[] }) {
  const { run, running, problem } = useEnding();
  const others = sessions.filter(({ current }) => !current);
  return (
    <div className="space-y-4">
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <ul className="card divide-y divide-line">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} busy={running?.includes(session) ?? false} onEnd={() => void run([session])} />
        ))}
      </ul>
      {others.length === 0 ? (
        <p className="text-sm text-muted">You are logged in nowhere else.</p>
      ) : (
        <Button look="danger" busy={(running?.length ?? 0) > 1} onClick={() => void run(others)}>
          Log out everywhere else
        </Button>
      )}
    </div>
  );
}

function SessionRow({ session, busy, onEnd }: { session: OpenSession; busy: boolean; onEnd: () => void }) {
  const { logOut } = useAuth();
  const now = useNow(60_000);
  const name = deviceName(session.device);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2.5 font-semibold">
          <span title={session.device}>{name}</span>
          {session.current && <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs text-accent-strong">This device</span>}
        </p>
        <p className="text-sm text-muted">
          <span className="break-all">{session.address || 'Unknown address'}</span>
          <span> · </span>
          <time dateTime={session.lastUsedAt} title={exactTime(session.lastUsedAt)}>
            {`last used ${ageOf(session.lastUsedAt, now)}`}
          </time>
        </p>
      </div>
      <Button busy={busy} onClick={session.current ? () => void logOut() : onEnd}>
        <span>Log out</span>
        <span className="sr-only">{session.current ? 'this device' : name}</span>
      </Button>
    </li>
  );
}

/** Ends sessions one after another. Sessions that have already ended count as ended. */
function useEnding() {
  const queries = useQueryClient();
  const notices = useNotices();
  return useAction(async (sessions: OpenSession[]) => {
    try {
      for (const { id } of sessions) {
        await endSession(id).catch((error: unknown) => {
          if (!isStatus(error, 404)) throw error;
        });
      }
      notices.show({ text: sessions.length === 1 ? 'Session logged out.' : `${sessions.length} sessions logged out.` });
    } finally {
      await queries.invalidateQueries({ queryKey: accountKeys.sessions });
    }
  });
}
