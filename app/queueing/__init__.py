"""The schedule and the queue: everything that is built on RQ and rq-scheduler."""
