"""Tools for development and tests: local servers, a local Gemini endpoint, the runner of `make run`.

Nothing here runs in production, and only the tests import it.
"""
