"""What a laptop, the tests and the fault drills need: servers, a local Gemini, the runner of `make run`.

Nothing in here runs in production, and nothing outside `tools` and the tests imports it.
"""
