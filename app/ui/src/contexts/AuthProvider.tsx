import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { forgetGenerationEvents } from '../api/latestGenerationEvents';
import { isStatus } from '../api/errors';
import * as session from '../api/session';
import { joinTabs, type Tabs } from '../api/tabs';
import { applyAppearance } from '../lib/appearance';
import { forgetAllDrafts, hasDrafts } from '../lib/drafts';
import { AuthContext, type Auth, type AuthState, type EndOfSession } from './auth';

/** Restores the session on load, follows it through refreshes, and keeps all tabs of the browser together. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<AuthState>({ status: 'restoring' });
  const queries = useQueryClient();
  const shownUser = useRef<string | null>(null);
  const tabs = useRef<Tabs | null>(null);

  /** Shows `userId`'s session, or none; nothing that another person loaded may stay. */
  const changeOwner = useCallback(
    (userId: string | null) => {
      if (shownUser.current !== null && shownUser.current !== userId) {
        queries.clear();
        forgetGenerationEvents();
      }
      shownUser.current = userId;
    },
    [queries],
  );

  const forgetDraftsOfShown = useCallback(() => {
    if (shownUser.current !== null) forgetAllDrafts(shownUser.current);
  }, []);

  const end = useCallback(
    (ended: EndOfSession) => {
      changeOwner(null);
      setState({ status: 'anonymous', ended, keepsText: false });
    },
    [changeOwner],
  );

  const askWho = useCallback(() => {
    session.refreshSession().catch((error: unknown) => {
      if (!isStatus(error, 401)) setState((before) => (before.status === 'restoring' ? { status: 'unreachable' } : before));
    });
  }, []);

  const restore = useCallback(() => {
    setState((before) => (before.status === 'unreachable' ? { status: 'restoring' } : before));
    askWho();
  }, [askWho]);

  useEffect(
    () =>
      session.onSessionChange((current) => {
        if (current) {
          changeOwner(current.user.id);
          applyAppearance(current.user.preferences?.appearance ?? 'system');
          setState({ status: 'authenticated', user: current.user });
        } else {
          const keepsText = shownUser.current !== null && hasDrafts(shownUser.current);
          setState((before) => ({ status: 'anonymous', ended: before.status === 'restoring' ? 'none' : 'expired', keepsText }));
          changeOwner(null);
        }
      }),
    [changeOwner],
  );

  useEffect(() => {
    const joined = joinTabs((message) => {
      if (message.type === 'logout') {
        session.forgetSession();
        forgetDraftsOfShown();
        end('logout');
      } else if (message.userId !== shownUser.current) {
        restore();
      }
    });
    tabs.current = joined;
    return () => joined.close();
  }, [end, restore, forgetDraftsOfShown]);

  useEffect(askWho, [askWho]);

  const isAnonymous = state.status === 'anonymous';
  useEffect(() => (isAnonymous ? session.finishLogout() : undefined), [isAnonymous]);

  const auth = useMemo<Auth>(
    () => ({
      state,
      restore,
      learn: (user) => setState((before) => (before.status === 'authenticated' ? { status: 'authenticated', user } : before)),
      logIn: async (credentials) => {
        const { user } = await session.logIn(credentials);
        tabs.current?.tell({ type: 'login', userId: user.id });
      },
      register: async (registration) => {
        const { user } = await session.register(registration);
        tabs.current?.tell({ type: 'login', userId: user.id });
      },
      forgetAccount: () => {
        session.forgetSession();
        forgetDraftsOfShown();
        end('deleted');
        tabs.current?.tell({ type: 'logout' });
      },
      logOut: async () => {
        // Cleared locally first: an unreachable server must not keep a user logged in on a shared computer. Without the
        // drafts, a full storage has room to remember the logout.
        forgetDraftsOfShown();
        const told = session.logOut();
        end('logout');
        tabs.current?.tell({ type: 'logout' });
        await told.catch(() => undefined);
      },
    }),
    [state, restore, end, forgetDraftsOfShown],
  );

  return <AuthContext value={auth}>{children}</AuthContext>;
}
