/** The Socket.IO connection of an authenticated user. The only file that uses the library. */

import type * as Library from 'socket.io-client';
import type { Socket } from 'socket.io-client';

import { getAccessToken, isAccessTokenSpent } from '../api/accessToken';
import { refreshSession } from '../api/session';
import { loadPart } from '../lib/loadPart';
import { EVENTS_HEARD, type EventName } from './events';

/** Timeout for a server that accepts a connection but does not respond; after it the server counts as down. */
const PATIENCE_MS = 4_000;
const ATTEMPT_TIMEOUT_MS = 8_000;
const LIBRARY_DELAY_MS = 15_000;
const REFUSAL_DELAYS_MS = [0, 2_000, 5_000, 15_000, 30_000];

const ACKNOWLEDGED_WITHIN_MS = 5_000;

export interface ConnectionListener {
  onLive: () => void;
  onDown: () => void;
  onEvent: (name: EventName, payload: unknown) => void;
  /** A chunk of a text that is being written. */
  onDelta: (payload: unknown) => void;
}

export interface Connection {
  /** Sends an event and waits for its acknowledgement. Rejects without a connection, or after a timeout of some seconds. */
  ask: (name: string, payload: object) => Promise<unknown>;
  /** Closes the connection permanently. */
  close: () => void;
}

/** Connects, and reconnects as needed. Each connection sends the id of the last event, and receives the missed ones. */
export function openConnection(listener: ConnectionListener): Connection {
  let socket: Socket | null = null;
  const seen: Seen = { lastEventId: '' };
  let closed = false;
  let loading: ReturnType<typeof setTimeout> | undefined;
  const impatient = setTimeout(() => {
    if (!socket?.connected) listener.onDown();
  }, PATIENCE_MS);
  const begin = ({ io }: typeof Library) => {
    if (closed) return;
    socket = io({
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      timeout: ATTEMPT_TIMEOUT_MS,
      reconnectionDelayMax: 5_000,
      auth: (give) => giveToken(give, seen),
    });
    keepAlive(socket, listener, seen);
  };
  // The library is loaded after the login, so the first page does not wait for it.
  const loadLibrary = () => {
    loadPart(() => import('socket.io-client')).then(begin, () => {
      if (closed) return;
      listener.onDown();
      loading = setTimeout(loadLibrary, LIBRARY_DELAY_MS);
    });
  };
  loadLibrary();
  return {
    ask: (name, payload) =>
      socket?.connected
        ? (socket.timeout(ACKNOWLEDGED_WITHIN_MS).emitWithAck(name, payload) as Promise<unknown>)
        : Promise.reject(new Error('not connected')),
    close: () => {
      closed = true;
      clearTimeout(loading);
      clearTimeout(impatient);
      socket?.off();
      socket?.disconnect();
    },
  };
}

/** The id of the last event; empty before the first. */
interface Seen {
  lastEventId: string;
}

function keepAlive(socket: Socket, listener: ConnectionListener, seen: Seen): void {
  let refusals = 0;
  socket.on('connect', () => {
    refusals = 0;
    listener.onLive();
  });
  socket.on('disconnect', (reason) => {
    listener.onDown();
    if (reason === 'io server disconnect') connectWithNewToken();
  });
  socket.on('connect_error', () => {
    listener.onDown();
    // The library reconnects after a network failure, but not after a rejected token.
    if (!socket.active) connectWithNewToken();
  });
  socket.on('auth:expiring', () => void bringNewToken(socket));
  for (const name of EVENTS_HEARD) {
    socket.on(name, (payload: unknown) => {
      seen.lastEventId = idOf(payload, 'eventId') ?? seen.lastEventId;
      listener.onEvent(name, payload);
    });
  }
  socket.on('events:caught-up', (payload: unknown) => {
    seen.lastEventId = idOf(payload, 'lastEventId') ?? seen.lastEventId;
  });
  socket.on('content:generation:delta', (payload: unknown) => listener.onDelta(payload));

  function connectWithNewToken(): void {
    const delay = REFUSAL_DELAYS_MS[Math.min(refusals, REFUSAL_DELAYS_MS.length - 1)];
    refusals += 1;
    setTimeout(() => {
      if (!socket.hasListeners('connect') || socket.connected) return;
      refreshSession()
        .then(() => socket.connect())
        .catch(() => {
          // Without a session the connection is closed by the caller; without a network it is retried.
          if (socket.hasListeners('connect')) connectWithNewToken();
        });
    }, delay);
  }
}

function idOf(payload: unknown, name: 'eventId' | 'lastEventId'): string | null {
  const id = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

function giveToken(give: (auth: { token: string | null; lastEventId: string }) => void, { lastEventId }: Seen): void {
  currentToken().then(
    (token) => give({ token, lastEventId }),
    () => give({ token: null, lastEventId }),
  );
}

async function currentToken(): Promise<string | null> {
  if (isAccessTokenSpent()) await refreshSession();
  return getAccessToken();
}

/** Sends a new token when the server warns that this connection's token is about to expire. */
async function bringNewToken(socket: Socket): Promise<void> {
  try {
    const { access_token: token } = await refreshSession();
    socket.emit('auth:token', { token }, () => undefined);
  } catch {
    // The server will close the connection, which is handled like any other disconnect.
  }
}
