/** The Socket.IO connection of a person who is logged in: the only file that knows the library. */

import type * as Library from 'socket.io-client';
import type { Socket } from 'socket.io-client';

import { getAccessToken, isAccessTokenSpent } from '../api/accessToken';
import { refreshSession } from '../api/session';
import { loadPart } from '../lib/loadPart';
import { EVENTS_HEARD, type EventName } from './events';

/** A server that accepts a connection and then says nothing would leave us waiting; from here on it counts as down. */
const PATIENCE_MS = 4_000;
const ATTEMPT_TIMEOUT_MS = 8_000;
const LIBRARY_DELAY_MS = 15_000;
const REFUSAL_DELAYS_MS = [0, 2_000, 5_000, 15_000, 30_000];

const ACKNOWLEDGED_WITHIN_MS = 5_000;

export interface ConnectionListener {
  onLive: () => void;
  onDown: () => void;
  onEvent: (name: EventName, payload: unknown) => void;
  /** A piece of a text that is being written. */
  onDelta: (payload: unknown) => void;
}

export interface Connection {
  /** Sends an event and waits for its acknowledgement. Rejects when there is no connection, or no answer within some seconds. */
  ask: (name: string, payload: object) => Promise<unknown>;
  /** Closes the connection for good. */
  close: () => void;
}

/** Opens the connection and keeps it. Each new one brings the id of the last event that was seen, and gets what was missed. */
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
  // The library is loaded once somebody is logged in; the first page does not wait for it.
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

/** The last event that arrived; empty before the first. */
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
    // The library itself tries again after a lost network, but not after a refusal: the token was not accepted.
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
          // With no session left the connection is closed from outside; with no network it is tried again.
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

/** Answers the server's warning that the token of this connection ends, so that it need not be cut. */
async function bringNewToken(socket: Socket): Promise<void> {
  try {
    const { access_token: token } = await refreshSession();
    socket.emit('auth:token', { token }, () => undefined);
  } catch {
    // The server will cut the connection, and that is handled like any other cut.
  }
}
