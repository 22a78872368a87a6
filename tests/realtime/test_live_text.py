"""The live text of a running attempt: stored in Redis in pieces, and reassembled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.config import Settings
from app.generation.providers.base import Stopped
from app.generation.streaming import LiveStreams
from app.realtime.live_text import NOTHING, LiveTexts, Piece, Preview, key_of
from app.services import services_of
from app.usage.tokens import TokenUsage

SPOKEN = ["  \n# Ow", "ls 🦉", " ", "\n\n", "sind ", "schön", ". ", "\n"]
TEXT = "# Owls 🦉 \n\nsind schön."


@pytest.fixture(scope="module")
def redis(app: Flask) -> Iterator[Redis]:
    with Redis.from_url(services_of(app).get(Settings).redis_url) as client:
        yield client


@pytest.fixture(scope="module")
def texts(redis: Redis) -> LiveTexts:
    return LiveTexts(redis)


@pytest.fixture(scope="module")
def streams(texts: LiveTexts) -> Iterator[LiveStreams]:
    """Live streams and their sending thread."""
    streams, stopping = LiveStreams(texts), threading.Event()
    thread = threading.Thread(target=streams.keep_sending, args=(stopping,), daemon=True)
    thread.start()
    yield streams
    stopping.set()
    thread.join()


@pytest.fixture
def job_id() -> str:
    return str(ObjectId())


class Follower:
    """Receives the pieces of a run and reassembles them."""

    def __init__(self, redis: Redis, job_id: str) -> None:
        self.preview = NOTHING
        self.pieces: list[Piece] = []
        self._heard = redis.pubsub()
        self._heard.subscribe(key_of(job_id))
        self._heard.get_message(timeout=5)

    def listen(self) -> Follower:
        while message := self._heard.get_message(timeout=0.2):
            piece = Piece.decoded(message["data"])
            self.pieces.append(piece)
            following = self.preview.with_piece(piece)
            assert following is not None, (self.preview, piece)
            self.preview = following
        return self


def written(texts: LiveTexts, job_id: str, text: str) -> bool:
    preview = texts.read(job_id)
    return preview is not None and preview.text == text


def test_a_follower_has_the_text_as_it_will_be_stored(
    redis: Redis, texts: LiveTexts, streams: LiveStreams, job_id: str, until: Callable[..., Any]
) -> None:
    """White space at both ends is never shown, and offsets count code points."""
    follower = Follower(redis, job_id)
    with streams.open(job_id, 1) as stream:
        for number, piece in enumerate(SPOKEN):
            stream.add(piece)
            if number % 2:
                shown = "".join(SPOKEN[: number + 1]).strip()
                until(lambda shown=shown: written(texts, job_id, shown))
        stream.add("The end.")
    assert follower.listen().preview.text == f"{TEXT} \nThe end."
    assert texts.read(job_id) == follower.preview
    assert 0 < redis.ttl(key_of(job_id)) <= 15 * 60
    assert [piece.offset for piece in follower.pieces[:2]] == [0, len("# Owls 🦉")]


def test_a_text_that_arrives_at_once_has_no_preview(redis: Redis, streams: LiveStreams, job_id: str) -> None:
    with streams.open(job_id, 1) as stream:
        stream.add(TEXT)
    assert not redis.exists(key_of(job_id))


def test_a_stopped_attempt_sends_no_more_pieces(
    texts: LiveTexts, streams: LiveStreams, job_id: str, until: Callable[..., Any]
) -> None:
    stream = streams.open(job_id, 1)
    stream.add("One")
    until(lambda: written(texts, job_id, "One"))
    stream.add(" two")
    stopped = Stopped("", TokenUsage())
    stream.__exit__(Stopped, stopped, None)
    assert written(texts, job_id, "One")


def test_after_redis_was_emptied_the_whole_text_is_sent_again(
    redis: Redis, texts: LiveTexts, streams: LiveStreams, job_id: str, until: Callable[..., Any]
) -> None:
    """Followers get a piece with offset 0, which restarts the preview."""
    follower = Follower(redis, job_id)
    with streams.open(job_id, 2) as stream:
        stream.add("One")
        until(lambda: written(texts, job_id, "One"))
        redis.delete(key_of(job_id))
        redis.script_flush()
        stream.add(" two")
        until(lambda: written(texts, job_id, "One two"))
    assert [(piece.offset, piece.text) for piece in follower.listen().pieces] == [(0, "One"), (0, "One two")]


def test_the_later_attempt_wins(texts: LiveTexts, streams: LiveStreams, job_id: str, until: Callable[..., Any]) -> None:
    """A worker that was frozen past its lease and continues to write has no effect."""
    with streams.open(job_id, 1) as frozen, streams.open(job_id, 2) as later:
        frozen.add("Old")
        until(lambda: written(texts, job_id, "Old"))
        later.add("New")
        until(lambda: written(texts, job_id, "New"))
        frozen.add(" and older")
        later.add("er")
        until(lambda: written(texts, job_id, "Newer"))
    assert written(texts, job_id, "Newer")


def test_a_restarted_attempt_says_how_much_may_have_been_seen(
    redis: Redis, texts: LiveTexts, job_id: str, until: Callable[..., Any]
) -> None:
    """A stopping worker released it, so the same attempt runs again with another text."""
    follower = Follower(redis, job_id)
    streams = LiveStreams(texts)
    with streams.open(job_id, 1) as first:
        first.add("Zwölf!")
        streams.send([first])
    until(lambda: streams.open(job_id, 1)._began_at > first._began_at)
    with streams.open(job_id, 1) as second:
        second.add("Neu")
        streams.send([second])
    assert texts.read(job_id) == Preview(1, second._began_at, 6, "Neu") == follower.listen().preview


def test_an_attempt_is_not_delayed_while_redis_is_away(nobody: str, job_id: str) -> None:
    """Its pieces are kept and sent later; those of a finished attempt are dropped."""
    host, _, port = nobody.rpartition(":")
    streams = LiveStreams(LiveTexts(Redis(host=host, port=int(port), retry=Retry(NoBackoff(), 0))))
    with streams.open(job_id, 1) as stream:
        stream.add("One")
        streams.send([stream])
        stream.add(" two")
        writing = stream.writing()
        assert writing is not None
        assert (writing.piece.offset, writing.piece.text) == (0, "One two")
    assert stream.writing() is None


HALF = Preview(2, 50, 0, "One tw")


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (Piece(2, 50, 6, "o", ""), Preview(2, 50, 0, "One two")),
        (Piece(2, 50, 4, "two", ""), Preview(2, 50, 0, "One two")),
        (Piece(2, 50, 4, "t", ""), HALF),
        (Piece(2, 50, 7, " three", ""), None),
        (Piece(1, 90, 3, " more", ""), HALF),
        (Piece(1, 90, 0, "Old", ""), HALF),
        (Piece(2, 49, 0, "Old", ""), HALF),
        (Piece(2, 51, 0, "New", ""), Preview(2, 51, 6, "New")),
        (Piece(2, 50, 0, "One two", ""), Preview(2, 50, 0, "One two")),
        (Piece(3, 40, 0, "Third", ""), Preview(3, 40, 0, "Third")),
        (Piece(3, 40, 4, "Third", ""), None),
    ],
)
def test_pieces_are_applied_to_a_preview(piece: Piece, expected: Preview | None) -> None:
    """None means that a piece is missing and the text has to be read again."""
    assert HALF.with_piece(piece) == expected
