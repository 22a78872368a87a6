"""The product's gunicorn settings for the baseline, without the hook for sockets, which the baseline does not have."""

import runpy

globals().update(runpy.run_path("gunicorn.conf.py"))
del globals()["post_worker_init"]
