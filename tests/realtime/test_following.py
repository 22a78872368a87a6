"""Following a text while it is written: by sockets and streams, at any web process, with resumption."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.conftest import over_http
from tests.followers import SocketFollower
from tests.listener import Listener
from tests.person import Person
from tests.product import Product
from tools.fake_gemini.remote import Remote
from tools.system import System

PARAGRAPH = (
    "Bees 🐝 build with wax, and they build in the dark: each cell has six walls, für jede Wabe, 每一面. "
    "They dance to say where the flowers are, and the others believe them.\n\n"
)
TWELVE = "\n".join(f"## {number}\n\n{PARAGRAPH}" for number in range(1, 13)).strip()


@pytest.fixture
def slowly(standin: Remote, topic: str) -> Callable[[float], None]:
    """Requests a text of twelve paragraphs, written with this pause in milliseconds before each piece."""

    def script(piece: float, **step: Any) -> None:
        standin.script(match=topic, then={"text": TWELVE, "pieceMs": piece, **step})

    return script


def test_a_socket_gets_every_piece_before_the_end(
    product: Product, resident: Person, topic: str, slowly: Callable[..., None]
) -> None:
    """From both web processes. A late follower gets the text so far in the acknowledgement."""
    slowly(60)
    content = resident.generate(f"Write about {topic}")
    early = SocketFollower(resident.access_token, content["id"])
    early.connect(product.urls[0])
    assert early.answer == {"ok": True, "jobId": content["jobId"], "attempt": 0, "text": "", "status": "pending"}
    early.wait_for_text(200)
    late = SocketFollower(resident.access_token, content["id"])
    late.connect(product.urls[1], "polling")
    assert (late.answer["attempt"], late.answer["status"]) == (1, "processing")
    assert TWELVE.startswith(late.answer["text"])
    for follower in (early, late):
        followed = follower.wait_for_end()
        follower.cut()
        assert followed.faults == []
        assert followed.pieced == followed.text == TWELVE
        assert (followed.pieces > 3, followed.begun_anew) == (True, 0)
    late.connect(product.urls[0])
    assert late.answer["text"] == TWELVE
    late.cut()


def test_another_users_text_cannot_be_followed(
    product: Product, resident: Person, topic: str, slowly: Callable[..., None]
) -> None:
    """The same error for every reason, and no pieces."""
    slowly(40)
    stranger = Person.register(over_http(product.urls[1]))
    content = resident.generate(f"Write about {topic}")
    with Listener(product.urls[0], stranger.access_token) as nosy:
        for asked in (None, "x", {}, {"contentId": {"$gt": ""}}, {"contentId": "f" * 24}, {"contentId": content["id"]}):
            assert nosy.ask("content:follow", asked) == {"ok": False, "message": "Content not found"}
            assert nosy.ask("content:unfollow", asked) == {"ok": True}
        resident.wait_for(content["id"])
        assert nosy.events == []


def test_pieces_are_only_sent_to_followers(
    product: Product, resident: Person, topic: str, slowly: Callable[..., None]
) -> None:
    """Nor after unfollowing. Events are still received."""
    slowly(60)
    content = resident.generate(f"Write about {topic}")
    asked = {"contentId": content["id"]}
    with (
        Listener(product.urls[0], resident.access_token) as silent,
        Listener(product.urls[0], resident.access_token) as leaving,
    ):
        assert leaving.ask("content:follow", asked)["ok"]
        leaving.wait_for("content:generation:delta")
        assert leaving.ask("content:unfollow", asked) == {"ok": True}
        seen = len(leaving.events)
        for listener in (silent, leaving):
            listener.wait_for("content:generation:completed")
        assert silent.names() == ["started", "completed"]
        assert leaving.names()[seen:] == ["completed"]


def test_a_socket_follows_at_most_twenty_texts(product: Product, resident: Person) -> None:
    """Another one is only possible after one has ended or is no longer followed."""
    contents = [resident.generate(f"Write about bees {number}") for number in range(21)]
    first, *others, last = [{"contentId": content["id"]} for content in contents]
    with Listener(product.urls[0], resident.access_token) as listener:
        answers = [listener.ask("content:follow", each) for each in (first, *others, first)]
        pending = [answer for answer in answers if answer["status"] == "pending"]
        if len(pending) == 21:  # none has ended yet
            refused = listener.ask("content:follow", last)
            assert (refused["ok"], "at most 20" in refused["message"]) == (False, True)
        assert listener.ask("content:unfollow", first) == {"ok": True}
        assert listener.ask("content:follow", last)["ok"]


def test_an_emptied_redis_restarts_the_preview(
    product: Product, resident: Person, topic: str, slowly: Callable[..., None], system: System
) -> None:
    """Followers get a piece with offset 0, and end with the stored text."""
    slowly(80)
    content = resident.generate(f"Write about {topic}")
    followers = [SocketFollower(resident.access_token, content["id"]) for _ in product.urls]
    for follower, url in zip(followers, product.urls, strict=True):
        follower.connect(url)
        follower.wait_for_text(300)
    with Redis.from_url(system.environ["REDIS_URL"]) as redis:
        redis.flushdb()
    for follower in followers:
        followed = follower.wait_for_end()
        follower.cut()
        assert followed.faults == []
        assert followed.text == resident.content(content["id"])["generatedText"] == TWELVE
        assert followed.begun_anew == 1
