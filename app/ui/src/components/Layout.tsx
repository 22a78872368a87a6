import { useEffect, useState, type ReactElement } from 'react';
import { useLocation } from 'react-router';

import { useUser } from '../contexts/auth';
import { useShortcuts } from '../hooks/useShortcuts';
import { useOutgoing } from '../lib/outgoing';
import { ConnectionNotice } from './ConnectionNotice';
import { lazyPart } from './lazyPart';
import { OfflineBanner } from './OfflineBanner';
import { PartsBoundary } from './PartsBoundary';
import { Rail, TabBar, TopBar } from './shell/Navigation';
import { QuotaBanner } from './usage/QuotaBanner';

/** Loaded when there is something to send. */
const OutgoingRequests = lazyPart(() => import('./OutgoingRequests'), () => null);
const CommandPalette = lazyPart(() => import('./shell/CommandPalette'), () => null);
const ShortcutList = lazyPart(() => import('./shell/ShortcutList'), () => null);

/** The page layout for authenticated users. */
export function Layout({ children }: { children: ReactElement }) {
  const [opened, setOpened] = useState<'palette' | 'shortcuts' | null>(null);
  const hasOutgoing = useOutgoing(useUser().id).length > 0;
  const { key } = useLocation();
  const openPalette = () => setOpened('palette');
  const openShortcuts = () => setOpened('shortcuts');
  const close = () => setOpened(null);
  useEffect(() => {
    // Loaded in advance, because they cannot be loaded while offline.
    const timer = setTimeout(() => OutgoingRequests.preload(), 3_000);
    return () => clearTimeout(timer);
  }, []);
  useShortcuts({ onPalette: openPalette, onHelp: openShortcuts });

  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        Skip to the content
      </a>
      <div className="lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
        <Rail onPalette={openPalette} onShowShortcuts={openShortcuts} />
        <div className="min-w-0">
          <TopBar onPalette={openPalette} onShowShortcuts={openShortcuts} />
          <OfflineBanner>You're offline. We'll keep trying; what you type is saved on this device.</OfflineBanner>
          <QuotaBanner />
          <main id="main" tabIndex={-1} className="page pt-8 pb-28 sm:pt-10 lg:pb-16">
            {children}
          </main>
        </div>
      </div>
      <TabBar />
      <PartsBoundary fallback={null}>
        {hasOutgoing && <OutgoingRequests />}
        {opened === 'palette' && <CommandPalette key={key} onClose={close} onShowShortcuts={openShortcuts} />}
        {opened === 'shortcuts' && <ShortcutList onClose={close} />}
      </PartsBoundary>
      <ConnectionNotice />
    </>
  );
}
