"""The schedule and the queue, built on RQ and rq-scheduler."""
