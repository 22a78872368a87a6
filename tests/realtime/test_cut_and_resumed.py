"""Every follower ends with exactly the stored text, however often it was disconnected."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.followers import Followed, SocketFollower, StreamFollower
from tests.person import Person
from tests.product import Product
from tests.realtime.test_following import TWELVE, slowly
from tools.system import System

__all__ = ["slowly"]

CUTS = 10
LONGEST_PAUSE_SECONDS = 0.2


def socket_cut_off(follower: SocketFollower, urls: tuple[str, ...], dice: random.Random) -> Followed:
    """Follows over eleven connections to alternating processes, each cut off at a random point."""
    for number, length in enumerate(sorted(dice.sample(range(len(TWELVE)), CUTS))):
        follower.connect(urls[number % len(urls)])
        follower.wait_for_text(length)
        follower.cut()
        time.sleep(dice.uniform(0, LONGEST_PAUSE_SECONDS))
    follower.connect(urls[0])
    return follower.wait_for_end()


def stream_cut_off(follower: StreamFollower, urls: tuple[str, ...], dice: random.Random) -> Followed:
    for number, length in enumerate(sorted(dice.sample(range(len(TWELVE)), CUTS))):
        if not follower.followed.final:
            follower.follow(urls[number % len(urls)], lambda length=length: len(follower.followed.text) >= length)
            time.sleep(dice.uniform(0, LONGEST_PAUSE_SECONDS))
    if not follower.followed.final:
        follower.follow(urls[0])
    return follower.followed


def test_followers_that_are_disconnected_at_random(
    product: Product,
    resident: Person,
    topic: str,
    slowly: Callable[..., None],
    rounds: Callable[[int, int], int],
) -> None:
    """Two sockets at two web processes, and a stream that alternates between them. Each is cut off ten times."""
    slowly(100)
    for seed in range(rounds(1, 20)):
        content = resident.generate(f"Write about {topic}")
        first, second = (SocketFollower(resident.access_token, content["id"]) for _ in range(2))
        stream = StreamFollower(resident.access_token, content["id"])
        here, there = product.urls[:2]
        with ThreadPoolExecutor(3) as running:
            following = [
                running.submit(socket_cut_off, first, (here,), random.Random(3 * seed)),
                running.submit(socket_cut_off, second, (there,), random.Random(3 * seed + 1)),
                running.submit(stream_cut_off, stream, (here, there), random.Random(3 * seed + 2)),
            ]
            ended = [each.result() for each in following]
        first.cut()
        second.cut()
        stored = resident.content(content["id"])["generatedText"]
        assert stored == TWELVE
        for followed in ended:
            assert (followed.faults, followed.text) == ([], stored), f"seed {seed}"


def test_followers_of_a_web_process_that_stops(
    system: System, product: Product, resident: Person, topic: str, slowly: Callable[..., None]
) -> None:
    """SIGTERM closes their connections at once, and they continue at another process."""
    slowly(100)
    stopping = system.add_web()
    content = resident.generate(f"Write about {topic}")
    socket = SocketFollower(resident.access_token, content["id"])
    stream = StreamFollower(resident.access_token, content["id"])
    socket.connect(stopping.url)
    with stream.open(stopping.url) as response, ThreadPoolExecutor(1) as reading:
        rest = reading.submit(stream.read, response)
        socket.wait_for_text(400)
        stopping.child.ask_to_stop()
        rest.result()
    assert stream.followed.final is None
    stopping.child.await_end(30)
    system.webs.remove(stopping)
    socket.connect(product.urls[0])
    assert stream.follow(product.urls[1]) == 200
    for followed in (socket.wait_for_end(), stream.followed):
        assert (followed.faults, followed.text) == ([], TWELVE)
    socket.cut()
