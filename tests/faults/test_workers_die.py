"""Workers killed, frozen or stopped: no accepted request is lost, and nothing happens twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.clock import utcnow
from tests.faults.conftest import Drill
from tests.listener import Listener
from tests.patience import PATIENCE_SECONDS

Until = Callable[..., Any]


def test_a_killed_worker_loses_nothing(drill: Drill, topic: str, until: Until) -> None:
    """kill -9 with eight running: all complete, each with one more call. Finished ones do not change."""
    drill.servers.standin.script(*[{"hang": True}] * 8, match=f"slow {topic}")
    worker = drill.system.add_worker(WORKER_CONCURRENCY="16")
    person = drill.person()
    finished = [person.generate(f"quick {topic}", contentType="social") for _ in range(2)]
    running = [person.generate(f"slow {topic}", contentType="social") for _ in range(8)]
    for each in finished:
        person.wait_for(each["id"])
    until(lambda: len(drill.servers.standin.calls(f"slow {topic}")) == 8)
    worker.child.kill()
    drill.system.add_worker(WORKER_CONCURRENCY="16")
    for each in running:
        assert person.wait_for(each["id"])["generationStatus"] == "completed"
    assert len(drill.servers.standin.calls(f"slow {topic}")) == 8 + 8
    assert len(drill.servers.standin.calls(f"quick {topic}")) == 2


def test_one_worker_runs_sixteen_attempts_at_once(drill: Drill, topic: str, until: Until) -> None:
    """With WORKER_CONCURRENCY=16, sixteen calls to Gemini are open at the same time, and all complete."""
    drill.servers.standin.script(match=topic, then={"delayMs": 6000})
    person = drill.person()
    accepted = [person.generate(topic, contentType="social") for _ in range(16)]
    drill.system.add_worker(WORKER_CONCURRENCY="16")
    until(lambda: drill.servers.standin.report(topic)["running"] == 16)
    for each in accepted:
        assert person.wait_for(each["id"])["generationStatus"] == "completed"


def test_a_frozen_worker_changes_nothing_when_it_wakes(drill: Drill, topic: str, until: Until) -> None:
    """SIGSTOP past the lease: another worker completes it; SIGCONT changes neither text nor events."""
    drill.servers.standin.script({"delayMs": 4000, "text": "the frozen worker's words " * 30}, match=topic)
    frozen = drill.system.add_worker()
    person = drill.person()
    with Listener(drill.web.url, person.access_token) as listener:
        accepted = person.generate(topic, contentType="social")
        until(lambda: drill.servers.standin.calls(topic))
        frozen.child.freeze()
        drill.system.add_worker()
        content = person.wait_for(accepted["id"])
        assert content["generationStatus"] == "completed"
        assert "frozen" not in content["generatedText"]
        frozen.child.thaw()
        until(lambda: '"outcome": "lost"' in frozen.log.read_text())
        assert person.content(accepted["id"]) == content
        assert listener.names() == ["started", "retrying", "completed"]


def test_sigterm_lets_running_attempts_finish(drill: Drill, topic: str, until: Until) -> None:
    """Running attempts finish, waiting ones are not started, and the exit code is 0."""
    drill.servers.standin.script(match=topic, then={"delayMs": 4000})
    worker = drill.system.add_worker(WORKER_CONCURRENCY="1")
    person = drill.person()
    running, waiting = (person.generate(topic, title=name, contentType="social") for name in ("runs", "waits"))
    until(lambda: len(drill.servers.standin.calls(topic)) == 1)
    worker.child.ask_to_stop()
    assert worker.child.wait(PATIENCE_SECONDS)
    assert worker.child.exit_code == 0
    statuses = {person.content(each["id"])["generationStatus"] for each in (running, waiting)}
    assert statuses == {"completed", "pending"}
    drill.system.add_worker()
    for each in (running, waiting):
        person.wait_for(each["id"])
    assert sorted(call["title"] for call in drill.servers.standin.calls(topic)) == ["runs", "waits"]


def test_sigterm_releases_attempts_that_take_too_long(drill: Drill, topic: str, until: Until) -> None:
    """After the grace period the attempt is released uncounted, the worker exits with 0, and another takes over."""
    drill.servers.standin.script({"hang": True}, match=topic)
    worker = drill.system.add_worker(WORKER_STOP_SECONDS="1")
    person = drill.person()
    accepted = person.generate(topic, contentType="social")
    until(lambda: drill.servers.standin.calls(topic))
    worker.child.ask_to_stop()
    assert worker.child.wait(PATIENCE_SECONDS)
    assert worker.child.exit_code == 0
    assert person.content(accepted["id"])["attempt"] == 0
    drill.system.add_worker()
    content = person.wait_for(accepted["id"])
    assert (content["generationStatus"], content["attempt"]) == ("completed", 1)


def test_a_second_signal_ends_a_worker_at_once(drill: Drill, topic: str, until: Until) -> None:
    drill.servers.standin.script(match=topic, then={"hang": True})
    worker = drill.system.add_worker()
    drill.person().generate(topic)
    until(lambda: drill.servers.standin.calls(topic))
    worker.child.process.send_signal(signal.SIGTERM)
    until(lambda: "worker is stopping" in worker.log.read_text())
    worker.child.process.send_signal(signal.SIGTERM)
    assert worker.child.wait(PATIENCE_SECONDS)
    assert worker.child.exit_code != 0, "the worker waited for the attempt"


def test_a_content_deleted_while_running_gets_no_text(drill: Drill, topic: str, until: Until) -> None:
    """The result is discarded, no event is sent, and no retry uses tokens again."""
    drill.servers.standin.script({"delayMs": 3000, "status": 503}, {"delayMs": 3000}, match=topic)
    drill.system.add_worker(JOB_BACKOFF_SECONDS="0.2")
    person = drill.person()
    with Listener(drill.web.url, person.access_token) as listener:
        for calls in (1, 2):
            accepted = person.generate(topic, contentType="social")
            until(lambda calls=calls: len(drill.servers.standin.calls(topic)) == calls)
            assert person.call("DELETE", f"/api/content/{accepted['id']}")[0] == 204
        until(lambda: drill.servers.standin.report(topic)["running"] == 0)
        last = person.generate(f"another {topic[::-1]}")
        listener.wait_for("content:generation:completed", jobId=last["jobId"])
        assert listener.names(jobId=accepted["jobId"]) == ["started"]
    assert len(drill.servers.standin.calls(topic)) == 2
    gone = drill.documents().find({"deleted": True})
    assert {(each["generation_status"], each["generated_text"]) for each in gone} == {("cancelled", "")}


def test_a_user_with_many_requests_does_not_delay_others(drill: Drill, topic: str, until: Until) -> None:
    """One user has 200 queued requests: another user's single request only waits for those already running."""
    drill.servers.standin.script(match=topic, then={"delayMs": 200})
    busy, quiet = drill.person(), drill.person()
    for number in range(200):
        busy.generate(topic, title=f"many {number}", contentType="social")
    single = quiet.generate(topic, title="single", contentType="social")
    due_at = datetime.fromisoformat(single["dueAt"])
    until(lambda: utcnow() > due_at)
    drill.system.add_worker(WORKER_CONCURRENCY="4")
    quiet.wait_for(single["id"])
    titles = [call["title"] for call in drill.servers.standin.calls(topic)]
    assert "single" in titles[: 2 * 4], titles[:20]
