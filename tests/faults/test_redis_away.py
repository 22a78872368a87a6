"""Redis killed, emptied or frozen: requests are accepted, processes survive, and due work runs when it is back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from tests.conftest import over_http
from tests.faults.conftest import Drill
from tests.followers import SocketFollower, StreamFollower
from tests.listener import Listener
from tests.person import Person
from tests.realtime.test_following import TWELVE

Until = Callable[..., Any]


def test_redis_comes_back_empty(drill: Drill, topic: str) -> None:
    """Ten waiting generations complete. Each calls the model once, and not before it is due."""
    drill.system.add_worker()
    web = drill.system.add_web(GENERATION_DELAY_SECONDS="5")
    person = Person.register(over_http(web.url), web.url)
    accepted = [person.generate(topic, title=f"n{number}", contentType="social") for number in range(10)]
    drill.servers.redis.kill()
    assert person.content(accepted[-1]["id"])["generationStatus"] == "pending"
    drill.servers.redis.restart(empty=True)
    for each in accepted:
        assert person.wait_for(each["id"])["generationStatus"] == "completed"
    called = sorted((call["title"], call["at"]) for call in drill.servers.standin.calls(topic))
    assert [title for title, _ in called] == sorted(each["title"] for each in accepted)
    due = {each["title"]: datetime.fromisoformat(each["dueAt"]).timestamp() for each in accepted}
    assert all(at >= due[title] for title, at in called)


def test_requests_while_redis_is_down_are_accepted_and_completed(drill: Drill, topic: str) -> None:
    """Five 202s. All five complete after Redis is back, and the sockets receive their events."""
    worker = drill.system.add_worker()
    person = drill.person()
    with Listener(drill.web.url, person.access_token) as listener:
        drill.servers.redis.kill()
        accepted = [person.generate(topic, contentType="social") for _ in range(5)]
        drill.servers.redis.restart(empty=True)
        for each in accepted:
            assert person.wait_for(each["id"])["generationStatus"] == "completed"
        later = person.generate(topic, contentType="social")
        listener.wait_for("content:generation:completed", jobId=later["jobId"])
    assert worker.child.running
    assert drill.web.child.running


def test_a_frozen_redis_does_not_delay_requests(drill: Drill, topic: str) -> None:
    """Redis hangs instead of rejecting connections: 202 while it hangs, completed after it continues."""
    drill.system.add_worker()
    person = drill.person()
    drill.servers.redis.freeze()
    accepted = person.generate(topic, contentType="social")
    drill.servers.redis.thaw()
    assert person.wait_for(accepted["id"])["generationStatus"] == "completed"
    assert len(drill.servers.standin.calls(topic)) == 1


def test_an_attempt_stores_its_text_without_redis(drill: Drill, topic: str, until: Until) -> None:
    """Redis is killed while Gemini writes: the text is stored, although no event can be sent."""
    drill.servers.standin.script(match=topic, then={"delayMs": 4000})
    drill.system.add_worker()
    person = drill.person()
    accepted = person.generate(topic, contentType="social")
    until(lambda: drill.servers.standin.calls(topic))
    drill.servers.redis.kill()
    assert person.wait_for(accepted["id"])["generationStatus"] == "completed"


def test_a_new_socket_connects_without_redis(drill: Drill, topic: str) -> None:
    drill.system.add_worker()
    person = drill.person()
    drill.servers.redis.kill()
    with Listener(drill.web.url, person.access_token) as listener:
        assert listener.connected
        drill.servers.redis.restart(empty=True)
        accepted = person.generate(topic, contentType="social")
        listener.wait_for("content:generation:completed", jobId=accepted["jobId"])


def test_followers_survive_a_redis_restart(drill: Drill, topic: str) -> None:
    """Redis is killed and comes back empty: followers get a restarted preview and the end event."""
    drill.servers.standin.script(match=topic, then={"text": TWELVE, "pieceMs": 200})
    drill.system.add_worker()
    person = drill.person()
    content = person.generate(topic)
    socket = SocketFollower(person.access_token, content["id"])
    stream = StreamFollower(person.access_token, content["id"])
    socket.connect(drill.web.url)
    with stream.open(drill.web.url) as response, ThreadPoolExecutor(1) as reading:
        rest = reading.submit(stream.read, response)
        socket.wait_for_text(400)
        drill.servers.redis.kill()
        drill.servers.redis.restart(empty=True)
        rest.result()
    for followed in (socket.wait_for_end(), stream.followed):
        assert (followed.faults, followed.text) == ([], TWELVE)
        assert followed.begun_anew >= 1
    socket.cut()
