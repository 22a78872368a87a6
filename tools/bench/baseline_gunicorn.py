"""The product's own gunicorn settings for the baseline, without the hook that closes sockets: the baseline has none."""

import runpy

globals().update(runpy.run_path("gunicorn.conf.py"))
del globals()["post_worker_init"]
