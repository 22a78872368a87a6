"""Handles content:follow and content:unfollow: a socket receives a content's text so far, then each new piece."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from bson import ObjectId

from app.content import queries
from app.content.document import COMPLETED, UNFINISHED
from app.database import OUTAGES
from app.errors import AppError, NotFound, RateLimited, Unavailable
from app.logs import get_logger
from app.realtime.following import FINAL, Following, Place, Run
from app.realtime.payloads import DELTA

log = get_logger(__name__)

MOST_FOLLOWED = 20
"""Contents that one socket may follow at a time."""
TOO_MANY = f"Too many contents: a socket follows at most {MOST_FOLLOWED} at a time"
MOST_LOOKS = 4

Emit = Callable[[str, str, dict[str, Any]], None]
"""Sends an event with its payload to one socket of this process: `emit(sid, event, payload)`."""


class SocketFollower:
    """One socket following one run. Sends nothing until `begun` is set, after the acknowledgement was sent."""

    def __init__(self, sid: str, emit: Emit, ended: Callable[[SocketFollower], None]) -> None:
        self.sid = sid
        self.run: Run | None = None
        self.place: Place | None = None
        self._emit = emit
        self._ended = ended
        self.begun = False

    def on_text(self, run: Run) -> None:
        if not self.begun or self.place is None:
            return
        part = run.part_beyond(self.place)
        if part is None:
            return
        self.place = Place(part.attempt, run.restarts, part.offset + len(part.text))
        payload = {
            "contentId": run.content_id,
            "jobId": run.job_id,
            "attempt": part.attempt,
            "offset": part.offset,
            "text": part.text,
            "timestamp": part.at,
        }
        self._emit(self.sid, DELTA.name, DELTA.payload().dump(payload))

    def on_event(self, run: Run, event: str, payload: dict[str, Any]) -> None:
        """Stops following after the run's final event. The event itself reaches the socket through its owner's room."""
        if event in FINAL:
            self.run = run  # the event may arrive before `join` has returned
            self._ended(self)


class FollowHandlers:
    """Handlers of content:follow and content:unfollow.

    `owner_of` returns the id of a socket's user, or None once the socket has disconnected.
    """

    def __init__(self, following: Following, owner_of: Callable[[str], str | None], emit: Emit) -> None:
        self._following = following
        self._owner_of = owner_of
        self._emit = emit
        self._lock = threading.RLock()
        self._followers: defaultdict[str, dict[str, SocketFollower]] = defaultdict(dict)
        self._busy: Counter[str] = Counter()
        self._unanswered = threading.local()

    def follow(self, sid: str, given: Any) -> dict[str, Any]:
        """Follows a content. Returns the acknowledgement: the text so far, or `ok` false with a `message`."""
        try:
            content_id = _content_id(given)
            with self._one_of_few(sid, content_id):
                return {"ok": True, **self._follow(sid, content_id)}
        except AppError as error:
            return {"ok": False, "message": error.message}
        except OUTAGES:
            return {"ok": False, "message": Unavailable().message}

    def unfollow(self, sid: str, given: Any) -> dict[str, Any]:
        content_id = given.get("contentId") if isinstance(given, dict) else None
        with self._lock:
            follower = self._followers.get(sid, {}).get(str(content_id))
        if follower is not None:
            self._end(follower)
        return {"ok": True}

    def answered(self) -> None:
        """Call after the acknowledgement of the current thread's event was sent: pieces may follow it."""
        follower: SocketFollower | None = self._unanswered.__dict__.pop("follower", None)
        if follower is not None and follower.run is not None:
            follower.begun = True
            self._following.look(follower.run, follower.on_text)

    def forget(self, sid: str) -> None:
        """Stops following for a socket that has disconnected."""
        with self._lock:
            followers = list(self._followers.pop(sid, {}).values())
        for follower in followers:
            self._end(follower)

    def _follow(self, sid: str, content_id: str) -> dict[str, Any]:
        """Subscribes between two reads of the content, so that no change in between is missed."""
        content = self._own(sid, content_id)
        for _ in range(MOST_LOOKS):
            if content["generation_status"] not in UNFINISHED:
                self._drop(sid, content_id)
                break
            follower = self._joined(sid, content_id, content["job_id"])
            content = self._own(sid, content_id)
            run = follower.run
            unfinished = content["generation_status"] in UNFINISHED
            if unfinished and run is not None and content["job_id"] == run.job_id and not run.over:
                attempt, text = self._following.look(run, partial(_begin, follower, content))
                self._unanswered.follower = follower
                return _state(content, attempt, text)
        return self._at_its_end(content)

    def _at_its_end(self, content: queries.Shown) -> dict[str, Any]:
        """The state of a finished generation: its stored text, or if it failed, the last preview while it is kept."""
        text = content["generated_text"] or ""
        if content["generation_status"] not in {COMPLETED, None}:
            text = self._following.last_text(content["job_id"]) or text
        return _state(content, content["attempt"] or 0, text)

    def _own(self, sid: str, content_id: str) -> queries.Shown:
        """Returns the content. Raises NotFound unless it belongs to the socket's user."""
        user_id = self._owner_of(sid)
        content = queries.find_own(user_id, _id=ObjectId(content_id)) if user_id else None
        if content is None:
            self._drop(sid, content_id)
            raise NotFound("Content not found")
        return content

    def _joined(self, sid: str, content_id: str, job_id: str) -> SocketFollower:
        self._drop(sid, content_id)
        follower = SocketFollower(sid, self._emit, self._end_soon)
        with self._lock:
            self._followers[sid][content_id] = follower
        follower.run = self._following.join(content_id, job_id, follower)
        if self._owner_of(sid) is None:  # the socket disconnected meanwhile
            self.forget(sid)
        return follower

    def _drop(self, sid: str, content_id: str) -> None:
        self.unfollow(sid, {"contentId": content_id})

    def _end_soon(self, follower: SocketFollower) -> None:
        """Ends in a separate thread, because the caller is the bus's listening thread."""
        threading.Thread(target=self._end, args=(follower,), daemon=True).start()

    def _end(self, follower: SocketFollower) -> None:
        with self._lock:
            own = self._followers.get(follower.sid, {})
            for content_id in [each for each, other in own.items() if other is follower]:
                del own[content_id]
            if not own:
                self._followers.pop(follower.sid, None)
        if follower.run is not None:
            self._following.leave(follower.run, follower)

    @contextmanager
    def _one_of_few(self, sid: str, content_id: str) -> Iterator[None]:
        """Raises RateLimited beyond MOST_FOLLOWED contents, counting requests that are still being handled."""
        with self._lock:
            others = sum(each != content_id for each in self._followers.get(sid, {}))
            if others + self._busy[sid] >= MOST_FOLLOWED:
                raise RateLimited(TOO_MANY)
            self._busy[sid] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[sid] -= 1
                if not self._busy[sid]:
                    del self._busy[sid]


def _begin(follower: SocketFollower, content: queries.Shown, run: Run) -> tuple[int, str]:
    """Sets the follower's place. Returns the attempt and its text so far; pieces continue from there."""
    place = run.place(content["attempt"] or 0)
    follower.place = place
    return place.attempt, run.preview.text[: place.offset]


def _state(content: queries.Shown, attempt: int, text: str) -> dict[str, Any]:
    return {"jobId": content["job_id"], "attempt": attempt, "text": text, "status": content["generation_status"]}


def _content_id(given: Any) -> str:
    """Returns the content id in a payload. Raises NotFound if it is not a valid id."""
    content_id = given.get("contentId") if isinstance(given, dict) else None
    if not isinstance(content_id, str) or not ObjectId.is_valid(content_id):
        raise NotFound("Content not found")
    return content_id
