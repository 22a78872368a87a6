"""The preview: a running attempt's text so far, kept in Redis and published to its followers.

One script stores the text under `live:<job id>`, for 15 minutes after the last piece, and publishes the piece on the
channel of the same name. The preview starts over with each attempt, when a worker released the attempt and another one
took it (`began_at` tells the two apart), and when Redis has lost its data. Offsets count Unicode code points from the
start of the attempt. A follower that detects a gap by the offset reloads the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import orjson
from redis import Redis

KEPT_SECONDS = 15 * 60
_HEAD = "%06d %013d %07d\n"
"""Attempt, `began_at` and `shown`, with a fixed length. The rest of the value is the text."""

_SEND = """
local head = redis.call('GETRANGE', KEYS[1], 0, 20)
if head == ARGV[1] and redis.call('STRLEN', KEYS[1]) == 29 + tonumber(ARGV[2]) then
  redis.call('APPEND', KEYS[1], ARGV[3])
elseif ARGV[2] ~= '0' then
  return 0
else
  local shown = 0
  if head > ARGV[1] then return -1 end
  if head ~= '' and string.sub(head, 1, 6) == string.sub(ARGV[1], 1, 6) then
    shown = tonumber(redis.call('GETRANGE', KEYS[1], 21, 27))
    if head ~= ARGV[1] then
      local _, before = string.gsub(redis.call('GETRANGE', KEYS[1], 29, -1), '[^\\128-\\191]', '')
      shown = math.max(shown, before)
    end
  end
  redis.call('SET', KEYS[1], ARGV[1] .. string.format('%07d', shown) .. '\\n' .. ARGV[3])
end
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', KEYS[1], ARGV[5])
return 1
"""
"""Appends a piece if the stored text is exactly what its writer wrote before. A piece with offset 0 replaces the text,
unless a later attempt is being written. Returns 1 (done), 0 (send the text from the beginning) or -1 (superseded)."""

DONE, FROM_THE_BEGINNING, SUPERSEDED = 1, 0, -1


def key_of(job_id: object) -> str:
    """The Redis key of a preview, which is also the name of its channel."""
    return f"live:{job_id}"


@dataclass(frozen=True)
class Piece:
    """A published piece of text. One with `offset` 0 is the whole text so far and replaces the preview."""

    attempt: int
    began_at: int
    offset: int
    text: str
    at: str

    def encoded(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        return cls(**orjson.loads(data))


@dataclass(frozen=True)
class Preview:
    """The text so far.

    Followers may have seen up to `shown` code points of an earlier start of the same attempt.
    """

    attempt: int
    began_at: int
    shown: int
    text: str

    def with_piece(self, piece: Piece) -> Preview | None:
        """Returns the preview with a piece added: unchanged for an outdated piece, None if one before it is missing."""
        if (piece.attempt, piece.began_at) < (self.attempt, self.began_at):
            return self
        same = (piece.attempt, piece.began_at) == (self.attempt, self.began_at)
        if piece.offset == 0:
            seen = self.shown if same else max(self.shown, len(self.text)) if piece.attempt == self.attempt else 0
            return Preview(piece.attempt, piece.began_at, seen, piece.text)
        if not same or piece.offset > len(self.text):
            return None
        text = self.text[: piece.offset] + piece.text
        return replace(self, text=text) if len(text) > len(self.text) else self


NOTHING = Preview(0, 0, 0, "")


@dataclass(frozen=True)
class Writing:
    """A piece to write to a run's preview. `bytes_before` is the length of the attempt's text before it, in UTF-8."""

    job_id: str
    piece: Piece
    bytes_before: int


class LiveTexts:
    """The previews in Redis. Every method raises one of redis_client.OUTAGES."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def write(self, writings: Sequence[Writing]) -> list[int]:
        """Stores and publishes pieces of several runs in one round trip.

        Returns DONE, FROM_THE_BEGINNING or SUPERSEDED for each.
        """
        pipeline = self._redis.pipeline(transaction=False)
        for each in writings:
            piece = each.piece
            head = (_HEAD % (piece.attempt, piece.began_at, 0))[:21]
            text = piece.text.encode()
            pipeline.eval(_SEND, 1, key_of(each.job_id), head, each.bytes_before, text, KEPT_SECONDS, piece.encoded())
        answers: list[int] = pipeline.execute()
        return answers

    def read(self, job_id: str) -> Preview | None:
        """Returns a run's preview, or None if there is none."""
        stored: Any = self._redis.get(key_of(job_id))
        if stored is None:
            return None
        head, _, text = bytes(stored).partition(b"\n")
        attempt, began_at, shown = map(int, head.split())
        return Preview(attempt, began_at, shown, text.decode())

    def forget(self, *job_ids: str) -> None:
        """Deletes the previews of these runs, whose content was deleted permanently or which begin again."""
        if job_ids:
            self._redis.delete(*map(key_of, job_ids))
