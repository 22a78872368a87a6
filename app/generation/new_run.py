"""A new run for a content whose run before has ended: begun by one write, and taken back by another."""

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
    """`run` has the fields of the new run, `asked` what its request gives: title, prompt, brief, instruction."""

    def __init__(self, user_id: str, content_id: ObjectId, run: dict[str, Any], asked: dict[str, Any]) -> None:
        self._user_id = user_id
        self._content_id = content_id
        self._run = run
        self._asked = asked
        self._before: Stored = {}
        self.content: Stored = {}
        """The content as it is with the run, once it has begun."""

    def adopt(self) -> bool:
        """Whether an earlier try of the same request has begun the run; that can then no longer take it back.

        A run that has been replaced by a later one meanwhile was begun, too.
        """
        job_id = self._run["job_id"]
        found = Content.adopt(self._user_id, _id=self._content_id, job_id=job_id)
        if found is None and PastRun.find_own(self._user_id, job_id):
            found = self._read()
        self.content = found or {}
        return found is not None

    def begin(self) -> None:
        """Raises GenerationInProgress while the run before has not ended, NotFound for what is not this person's."""
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
        """Gives the content back what it was before, also when nobody knows whether `begin` arrived.

        False when there is no such run, or it has been taken up.
        """
        return bool(self._before) and transitions.retract(self._before, self._run)

    def _read(self) -> Stored:
        content = transitions.read(self._user_id, self._content_id)
        if content is None:
            raise NotFound("Content not found")
        return content
