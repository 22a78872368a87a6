"""Leases, attempts and sweep for rewrites in a worker process, and the dispatch of jobs to contents or rewrites."""

from __future__ import annotations

from app.config import Settings
from app.generation.attempt import Attempts
from app.generation.counters import Counters
from app.generation.leases import Leases
from app.generation.providers.base import Provider
from app.generation.streaming import LiveStreams
from app.generation.sweep import Sweep
from app.outbox.relay import Relay
from app.queueing.schedule import JOB_TIMEOUT_MARGIN_SECONDS, GenerationQueue
from app.rewriting.call import RewriteCall
from app.rewriting.document import Rewrite


class RewriteRuns:
    """Leases, attempts and sweep of rewrites: the same classes as for contents, on `Rewrite` documents."""

    def __init__(
        self,
        provider: Provider,
        queue: GenerationQueue,
        relay: Relay,
        settings: Settings,
        *,
        counters: Counters,
        live: LiveStreams,
    ) -> None:
        self.relay = relay
        self.leases = Leases(settings.ai_timeout_seconds + JOB_TIMEOUT_MARGIN_SECONDS, Rewrite)
        call = RewriteCall(provider, settings, live)
        self.attempts = Attempts(
            provider, queue, relay, self.leases, settings, counters=counters, live=live, call=call, of=Rewrite
        )
        self.sweep = Sweep(queue, relay, counters, Rewrite)


class RunsOfBoth:
    """Runs the attempts of contents and of rewrites. A job's id may refer to either."""

    def __init__(self, contents: Attempts, rewrites: Attempts) -> None:
        self._contents = contents
        self._rewrites = rewrites

    def run(self, content_id: str, number: int) -> None:
        """Runs attempt `number` of the content or rewrite with this id."""
        runner = self._rewrites if Rewrite.objects(id=content_id).only("id").first() else self._contents
        runner.run(content_id, number)
