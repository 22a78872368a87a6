"""The Socket.IO server. Sockets authenticate with an access token and join their owner's room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, join_room

from app.auth.authentication import Authenticator
from app.auth.principal import AccessClaims
from app.config import Settings
from app.errors import InsufficientScope, Unauthenticated, Unavailable
from app.http.scopes import READ, refusal_of
from app.logs import get_logger
from app.realtime.admission import Admission
from app.realtime.event_reader import EventReader
from app.realtime.events import room_of
from app.realtime.follow_handlers import FollowHandlers
from app.realtime.following import Following
from app.realtime.frames import MESSAGE_BYTES
from app.realtime.missed_events import MissedEvents
from app.realtime.packet_filter import after_each_event, guard, refuse_posts_to_closed_sockets
from app.realtime.payloads import FOLLOW, FROM_CLIENTS, TOKEN, UNFOLLOW, FollowAnswer
from app.realtime.replay import Replay, Sockets
from app.realtime.session_expiry import SessionExpiry, shown

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = get_logger(__name__)

PATH = "/socket.io/"
SOCKETS_PER_PERSON = 50
STOP_POLL_SECONDS = 0.2


def init_app(
    app: Flask, settings: Settings, authenticator: Authenticator, following: Following, reader: EventReader
) -> SocketIO:
    """Adds the Socket.IO server to the app and connects it to the Redis message bus."""
    pages = app.wsgi_app
    socketio = SocketIO(
        app,
        async_mode=settings.socketio_async_mode,
        client_manager=following.bus,
        cors_allowed_origins=_origin_check(settings.client_url),
        max_http_buffer_size=MESSAGE_BYTES,
        manage_session=False,
    )
    app.wsgi_app = _by_path(app.wsgi_app, pages)  # type: ignore[method-assign,assignment]  # Flask's documented way to wrap it
    if settings.socketio_async_mode == "threading":
        limit_messages_of_threads(socketio.server.eio)
    expiry = SessionExpiry(socketio, authenticator.has_ended)
    follows = FollowHandlers(following, expiry.owner_of, partial(_emit, socketio.server))
    replay = Replay(reader, _sockets_of(socketio.server))
    following.bus.listeners.append(replay.hear)
    MissedEvents(following.bus, reader, expiry.people)
    SocketHandlers(expiry, authenticator, follows, replay).register(socketio)
    refuse_posts_to_closed_sockets(socketio)
    admission = Admission(socketio, settings.sockets_per_address)
    admission.install()
    expiry.also(admission.sweep_forever)
    app.before_request(expiry.start)
    app.extensions["session_expiry"] = expiry
    return socketio


def close(app: Flask) -> None:
    """Stops the threads started by `init_app` and by requests. None of them logs anything afterwards."""
    expiry: SessionExpiry = app.extensions["session_expiry"]
    expiry.stop()
    server = app.extensions["socketio"].server
    server.manager.close()
    server.shutdown()


def limit_messages_of_threads(engine: Any) -> None:
    """Limits the size of messages when simple-websocket reads them, as app.realtime.frames does for eventlet.

    python-engineio 4.15.1 passes no limit on, so a client's message could grow without bound.
    """
    websocket = partial(engine._async["websocket"], max_message_size=MESSAGE_BYTES)  # noqa: SLF001  # there is no public API for this
    engine._async = {**engine._async, "websocket": websocket}  # noqa: SLF001  # there is no public API for this


def _by_path(sockets: WSGIApplication, pages: WSGIApplication) -> WSGIApplication:
    """Routes requests outside PATH around the Socket.IO middleware, to save its cost."""

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        below = environ.get("PATH_INFO", "").startswith(PATH)
        return (sockets if below else pages)(environ, start_response)

    return dispatch


class SocketHandlers:
    """Handlers of the events that clients send, including connect and disconnect."""

    def __init__(
        self, expiry: SessionExpiry, authenticator: Authenticator, follows: FollowHandlers, replay: Replay
    ) -> None:
        self.expiry = expiry
        self._replay = replay
        self._authenticator = authenticator
        self._follows = follows

    def register(self, socketio: SocketIO) -> None:
        """Registers the handlers with the server."""
        socketio.on_event("connect", self.connect)
        socketio.on_event("disconnect", self.disconnect)
        socketio.on_event(TOKEN.name, self.renew)
        socketio.on_event(FOLLOW.name, self.follow)
        socketio.on_event(UNFOLLOW.name, self.unfollow)
        after_each_event(socketio, self._follows.answered)
        guard(socketio, {event.name for event in FROM_CLIENTS}, self._replay.begin)

    def connect(self, auth: Any = None) -> None:
        """Accepts a socket if `auth.token` is a valid access token; otherwise the client receives `connect_error`."""
        self.expiry.start()
        try:
            claims = self._claims(auth)
        except (Unauthenticated, InsufficientScope, Unavailable) as error:
            log.info("socket refused", reason=error.message)
            raise Refused(error.message) from None
        if self.expiry.count_of(claims.user_id) >= SOCKETS_PER_PERSON:
            log.info("socket refused", user_id=claims.user_id, reason="too many")
            raise Refused(f"Too many connections: at most {SOCKETS_PER_PERSON} for one person")
        if "lastEventId" in auth:
            self._replay.hold(_this_socket(), claims.user_id, auth["lastEventId"])
        else:
            join_room(room_of(claims.user_id))
        self.expiry.admit(_this_socket(), claims)
        log.info("socket connected", user_id=claims.user_id)

    def disconnect(self, *_: Any) -> None:
        self.expiry.forget(_this_socket())
        self._follows.forget(_this_socket())
        self._replay.forget(_this_socket())

    def follow(self, *given: Any) -> dict[str, Any]:
        """Subscribes this socket to a content's text. Returns the acknowledgement with the text so far."""
        answer = self._follows.follow(_this_socket(), given[0] if given else None)
        shown_answer: dict[str, Any] = FollowAnswer().dump(answer)
        return shown_answer

    def unfollow(self, *given: Any) -> dict[str, Any]:
        return self._follows.unfollow(_this_socket(), given[0] if given else None)

    def renew(self, *given: Any) -> dict[str, Any]:
        """Replaces the socket's access token. Returns the acknowledgement with the new expiry, or the error."""
        try:
            claims = self._claims(given[0] if given else None)
        except (Unauthenticated, InsufficientScope, Unavailable) as error:
            return {"ok": False, "message": error.message}
        if claims.user_id != self.expiry.owner_of(_this_socket()):
            return {"ok": False, "message": "This token belongs to somebody else"}
        self.expiry.admit(_this_socket(), claims)
        return {"ok": True, "expiresAt": shown(claims)}

    def _claims(self, given: Any) -> AccessClaims:
        claims = self._authenticator.authenticate(given.get("token") if isinstance(given, dict) else None)
        if READ not in claims.principal.scopes:
            raise InsufficientScope(refusal_of(READ))
        return claims


def _emit(server: Any, sid: str, event: str, payload: dict[str, Any]) -> None:
    """Emits an event to one socket of this process."""
    server.emit(event, payload, to=sid, ignore_queue=True)


def _sockets_of(server: Any) -> Sockets:
    """The operations that the replay needs, on this process's sockets."""

    def unsent(sid: str) -> int | None:
        engine_socket = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, "/"))
        return None if engine_socket is None or engine_socket.closed else int(engine_socket.queue.qsize())

    return Sockets(partial(_emit, server), server.enter_room, unsent)


def _this_socket() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it


def close_when(stopping: Callable[[], bool], socketio: SocketIO) -> None:
    """Closes every socket, including those that reconnect, once `stopping` returns True."""

    def close_all() -> None:
        while True:
            if stopping():
                for callback in socketio.server.manager.on_shutdown:
                    callback()
                for sid in list(socketio.server.eio.sockets):
                    socketio.server.eio.disconnect(sid)
            socketio.sleep(STOP_POLL_SECONDS)

    socketio.start_background_task(close_all)


def open_sockets(socketio: SocketIO) -> int:
    """The number of sockets connected to this process."""
    everyone = socketio.server.manager.rooms.get("/", {}).get(None, ())
    return len(everyone)


def _origin_check(client_urls: tuple[str, ...]) -> Any:
    """Allows the configured origins and this server's own."""

    def allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        own = {f"{scheme}://{environ.get('HTTP_HOST', '')}" for scheme in ("http", "https")}
        return origin in client_urls or origin in own

    return allowed
