"""Starts a new run for a content whose previous run has ended. It can be retracted until a worker claims it."""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from app.content.document import UNFINISHED, Content
from app.errors import GenerationInProgress, NotFound, Unavailable
from app.generation import transitions
from app.generation.run_history import PastRun
from app.generation.transitions import Stored

MOST_TRIES = 20


class NewRun:
    """A new run. `run` has its fields; `asked` is what was requested: title, prompt, brief, instruction."""

    def __init__(self, user_id: str, content_id: ObjectId, run: dict[str, Any], asked: dict[str, Any]) -> None:
        self._user_id = user_id
        self._content_id = content_id
        self._run = run
        self._asked = asked
        self._before: Stored = {}
        self.content: Stored = {}
        """The content with the new run, once it has begun."""

    def adopt(self) -> bool:
        """Returns whether an earlier attempt of the same request began the run, and prevents that from retracting it.

        A run counts as begun even if a later one has replaced it since.
        """
        job_id = self._run["job_id"]
        found = Content.adopt(self._user_id, _id=self._content_id, job_id=job_id)
        if found is None and PastRun.find_own(self._user_id, job_id):
            found = self._read()
        self.content = found or {}
        return found is not None

    def begin(self) -> None:
        """Begins the run. Raises GenerationInProgress if the previous run has not ended, or NotFound."""
        for _ in range(MOST_TRIES):
            if self.adopt():
                return
            self._before = self._read()
            if self._before.get("generation_status") in UNFINISHED:
                raise GenerationInProgress
            PastRun.keep(self._before)
            if content := transitions.again(self._before, self._run, self._asked):
                self.content = content
                return
        raise Unavailable("Too many changes of this content at once - please try again")

    def retract(self) -> bool:
        """Restores the content as it was before `begin`. Safe to call when it is unknown whether `begin` succeeded.

        Returns False if there is no such run or a worker has already claimed it.
        """
        return bool(self._before) and transitions.retract(self._before, self._run)

    def _read(self) -> Stored:
        content = transitions.read(self._user_id, self._content_id)
        if content is None:
            raise NotFound("Content not found")
        return content
