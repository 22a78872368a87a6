"""The text of a running attempt, as far as it has been written: kept in Redis, and sent to whoever follows it.

`live:<job id>` holds it for a quarter of an hour after the last piece, and each piece goes out on the channel of the
same name, both in one script. A later attempt begins anew; so does the same one when a worker handed it back
(`began_at` tells them apart) or when Redis has lost its data. Offsets are in Unicode code points from the beginning of
the attempt. Whoever misses a piece sees it by the offset, and reads the whole text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import orjson
from redis import Redis

KEPT_SECONDS = 15 * 60
_HEAD = "%06d %013d %07d\n"
"""Attempt, `began_at` and `shown`; of one length, so that the rest of the value is the text."""

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
"""Appends a piece when what stands before it is exactly what its writer has written; a piece from the beginning may
always be put down, unless somebody writes a later attempt. Answers 1 (done), 0 (send it from the beginning) or -1."""

DONE, FROM_THE_BEGINNING, SUPERSEDED = 1, 0, -1


def key_of(job_id: object) -> str:
    """The key of the text, and the name of the channel."""
    return f"live:{job_id}"


@dataclass(frozen=True)
class Piece:
    """A piece on its way. One whose `offset` is 0 is the whole text so far, and begins the preview anew."""

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
    """The text so far. Of an earlier start of the same attempt, up to `shown` code points may have been seen."""

    attempt: int
    began_at: int
    shown: int
    text: str

    def with_piece(self, piece: Piece) -> Preview | None:
        """The preview that the piece makes of this one; this one for a piece of the past, None when one is missing."""
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
    """What to write: the piece of this run, and how many bytes of the attempt's text stand before it."""

    job_id: str
    piece: Piece
    bytes_before: int


class LiveTexts:
    """The texts that are being written, in Redis. Every method raises one of redis_client.OUTAGES."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def write(self, writings: Sequence[Writing]) -> list[int]:
        """Writes and sends pieces of several runs in one round trip.

        For each it answers DONE, FROM_THE_BEGINNING or SUPERSEDED.
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
        """What has been written of a run; None when nothing is known of it."""
        stored: Any = self._redis.get(key_of(job_id))
        if stored is None:
            return None
        head, _, text = bytes(stored).partition(b"\n")
        attempt, began_at, shown = map(int, head.split())
        return Preview(attempt, began_at, shown, text.decode())

    def forget(self, *job_ids: str) -> None:
        """Removes the texts of these runs: their content is gone for good."""
        if job_ids:
            self._redis.delete(*map(key_of, job_ids))
