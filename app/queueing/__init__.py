"""The schedule and the queue: all that wears RQ and rq-scheduler."""
