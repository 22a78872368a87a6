"""Due jobs move from the schedule to the queue, even if some of them are missing or invalid."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from app.clock import utcnow
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import JobMessage
from app.queueing.schedule import QUEUE_NAME, DelaySchedule, JsonJob
from tools.system import Servers


def test_a_job_without_data_does_not_block_later_ones(servers: Servers) -> None:
    """This happens if a job is rescheduled while its first delivery ends, which deletes the data."""
    redis = Redis.from_url(servers.environ("unused", redis_db=3)["REDIS_URL"])
    schedule = DelaySchedule(redis)
    for number, job_id in enumerate(["owner_lost_1", "owner_sound_1", "owner_sound_2"]):
        message = JobMessage("5f43a7d4e13823a0b0a0b0a0", 1, 60, {})
        schedule.add(job_id, message, utcnow() + timedelta(milliseconds=number))
    redis.delete(JsonJob.key_for("owner_lost_1"))
    schedule.hand_over(["owner_lost_1", "owner_sound_1", "owner_sound_2"])
    assert set(FairQueue(QUEUE_NAME, connection=redis).get_job_ids()) == {"owner_sound_1", "owner_sound_2"}
    assert redis.zcard(DelaySchedule.scheduled_jobs_key) == 0
    redis.flushdb()
