import type { ReactElement } from 'react';

import { NoticesProvider } from '../contexts/NoticesProvider';
import { SocketProvider } from '../contexts/SocketProvider';
import { useUser } from '../contexts/auth';
import { Layout } from './Layout';

/** The frame around every page of an authenticated user. */
export function MembersFrame({ children }: { children: ReactElement }) {
  const { id } = useUser();
  return (
    <NoticesProvider>
      <SocketProvider key={id}>
        <Layout>{children}</Layout>
      </SocketProvider>
    </NoticesProvider>
  );
}
