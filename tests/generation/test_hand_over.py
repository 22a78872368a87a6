"""Due jobs move from the schedule to the queue, even if some of them are missing or invalid."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from app.clock import utcnow
from app.queueing import scheduler
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import JobMessage
from app.queueing.schedule import QUEUE_NAME, DelaySchedule, JsonJob
from app.queueing.scheduler import SchedulerLoop

MESSAGE = JobMessage("5f43a7d4e13823a0b0a0b0a0", 1, 60, {})


def test_a_job_without_data_does_not_block_later_ones(empty_redis: Redis) -> None:
    """This happens if a job is rescheduled while its first delivery ends, which deletes the data."""
    schedule = DelaySchedule(empty_redis)
    for number, job_id in enumerate(["owner_lost_1", "owner_sound_1", "owner_sound_2"]):
        schedule.add(job_id, MESSAGE, utcnow() + timedelta(milliseconds=number))
    empty_redis.delete(JsonJob.key_for("owner_lost_1"))
    schedule.hand_over(["owner_lost_1", "owner_sound_1", "owner_sound_2"])
    assert set(FairQueue(QUEUE_NAME, connection=empty_redis).get_job_ids()) == {"owner_sound_1", "owner_sound_2"}
    assert empty_redis.zcard(DelaySchedule.scheduled_jobs_key) == 0


def test_only_a_job_before_all_others_wakes_the_scheduler(empty_redis: Redis) -> None:
    schedule = DelaySchedule(empty_redis)
    woken = []
    for number, minutes in enumerate([60, 90, 30, 45, 1]):
        schedule.add(f"owner_job_{number}", MESSAGE, utcnow() + timedelta(minutes=minutes))
        woken.append(empty_redis.lpop(DelaySchedule.earlier_job_key))
    assert woken == [b"owner_job_0", None, b"owner_job_2", None, b"owner_job_4"]


def test_a_waiting_scheduler_hands_over_an_earlier_job(
    empty_redis: Redis, until: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if it would wait for an hour, as no other job is due."""
    monkeypatch.setattr(scheduler, "LONGEST_WAIT_SECONDS", 3600.0)
    schedule, queue = DelaySchedule(empty_redis), FairQueue(QUEUE_NAME, connection=empty_redis)
    schedule.add("owner_later_1", MESSAGE, utcnow() + timedelta(hours=2))
    stopping = threading.Event()
    loop = threading.Thread(target=SchedulerLoop(empty_redis, stopping).run, daemon=True)
    loop.start()
    until(lambda: any(client["cmd"] == "blpop" for client in empty_redis.client_list()))
    schedule.add("owner_now_1", MESSAGE, utcnow())
    until(lambda: queue.get_job_ids() == ["owner_now_1"])
    stopping.set()
    schedule.add("owner_now_2", MESSAGE, utcnow())
    loop.join()
