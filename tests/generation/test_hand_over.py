"""Due jobs move from the schedule to the queue, even if some of them are missing or invalid."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from app.clock import utcnow
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import JobMessage
from app.queueing.schedule import QUEUE_NAME, DelaySchedule, JsonJob


def test_a_job_without_data_does_not_block_later_ones(empty_redis: Redis) -> None:
    """This happens if a job is rescheduled while its first delivery ends, which deletes the data."""
    schedule = DelaySchedule(empty_redis)
    for number, job_id in enumerate(["owner_lost_1", "owner_sound_1", "owner_sound_2"]):
        message = JobMessage("5f43a7d4e13823a0b0a0b0a0", 1, 60, {})
        schedule.add(job_id, message, utcnow() + timedelta(milliseconds=number))
    empty_redis.delete(JsonJob.key_for("owner_lost_1"))
    schedule.hand_over(["owner_lost_1", "owner_sound_1", "owner_sound_2"])
    assert set(FairQueue(QUEUE_NAME, connection=empty_redis).get_job_ids()) == {"owner_sound_1", "owner_sound_2"}
    assert empty_redis.zcard(DelaySchedule.scheduled_jobs_key) == 0
