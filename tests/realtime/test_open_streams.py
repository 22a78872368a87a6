"""The limit of open streams per user across all web processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis

from app import redis_client
from app.config import Settings
from app.errors import RateLimited
from app.realtime import open_streams
from app.realtime.open_streams import MOST_STREAMS, CountedStream, OpenStreams, key_of
from app.services import services_of

BODY = (b"one", b"two")


@pytest.fixture
def redis(app: Flask) -> Redis:
    return services_of(app).get(Redis)


@pytest.fixture
def user_id(request: pytest.FixtureRequest, redis: Redis) -> Iterator[str]:
    yield request.node.name
    redis.delete(key_of(request.node.name))


def open_one(streams: OpenStreams, user_id: str) -> CountedStream:
    return streams.counted(user_id, lambda: (part for part in BODY))


def test_the_limit_holds_over_all_processes(redis: Redis, user_id: str) -> None:
    """Closing one frees a slot for another process; closing it twice frees only one."""
    processes = OpenStreams(redis), OpenStreams(redis)
    opened = [open_one(processes[number % 2], user_id) for number in range(MOST_STREAMS)]
    for process in processes:
        with pytest.raises(RateLimited):
            open_one(process, user_id)
    open_one(processes[0], f"not {user_id}").close()
    opened[0].close()
    opened[0].close()
    open_one(processes[1], user_id)
    with pytest.raises(RateLimited):
        open_one(processes[0], user_id)


def test_slots_of_a_process_that_died_are_released(redis: Redis, user_id: str) -> None:
    """Slots that have not been renewed for a minute."""
    dead, alive = OpenStreams(redis), OpenStreams(redis)
    for _ in range(MOST_STREAMS):
        open_one(dead, user_id)
    redis.zadd(key_of(user_id), dict.fromkeys(redis.zrange(key_of(user_id), 0, -1), 1.0))
    open_one(alive, user_id)
    assert redis.zcard(key_of(user_id)) == 1


def test_a_stream_renews_its_slot(redis: Redis, user_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Periodically, when it sends something."""
    monkeypatch.setattr(open_streams, "RENEW_SECONDS", 0.0)
    stream = open_one(OpenStreams(redis), user_id)
    redis.zadd(key_of(user_id), dict.fromkeys(redis.zrange(key_of(user_id), 0, -1), 1.0))
    assert next(stream) == BODY[0]
    assert redis.zscore(key_of(user_id), redis.zrange(key_of(user_id), 0, 0)[0]) > 1.0
    stream.close()
    assert not redis.exists(key_of(user_id))


def test_each_process_counts_its_own_streams_without_redis(settings: Settings, user_id: str) -> None:
    """No stream below the limit is rejected, and none above it is opened."""
    nowhere = replace(settings, redis_url="redis://127.0.0.1:1/0")
    streams = OpenStreams(redis_client.connect(nowhere, redis_client.REQUEST_TIMEOUT_SECONDS))
    opened = [open_one(streams, user_id) for _ in range(MOST_STREAMS)]
    with pytest.raises(RateLimited):
        open_one(streams, user_id)
    opened[0].close()
    open_one(streams, user_id)
