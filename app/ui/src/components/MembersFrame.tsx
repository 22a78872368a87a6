import type { ReactElement } from 'react';

import { NoticesProvider } from '../contexts/NoticesProvider';
import { SocketProvider } from '../contexts/SocketProvider';
import { useUser } from '../contexts/auth';
import { Layout } from './Layout';

/** What is around every page of a person who is logged in. */
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
