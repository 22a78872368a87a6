"""Searches in long texts, and their effect on other people's requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from urllib.parse import quote

import requests

from tools.bench import invented_text, samples
from tools.bench.load import Target, begin, press, read
from tools.bench.measurement import Measurement, at_most, times_baseline
from tools.bench.stage import Account, Stage, contents_of, fill_each, milliseconds_of, register
from tools.system import System

FEW, MANY = 2_000, 10_000
WORDS = 1_000
OTHERS = 4
OF_EACH_OTHER = 100
PAUSE_MS = 40
ROUNDS = 5
TYPING_SECONDS = 0.3
"""The app searches at most this often while somebody types."""
RARE, CHINESE = "Quillwort", "蜂蜜與茶"
MARKED = 5
"""How many texts have the rare words: too few for a page, so that a search reads every text."""
_COMMON, _USUAL, _UNUSUAL = 5, 300, 1_500
"""Ranks of words."""

READING = "MongoDB reads each of the person's texts: parts of words in any script cannot be looked up in an index"
PROCESSOR = "the searches, the lists, the load and the servers share the cores"


@dataclass
class Searches:
    """The times of searches in milliseconds, by kind."""

    account: Account
    kinds: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    taken: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turns = cycle(self.kinds.items())

    def run(self, seconds: float, every: float) -> None:
        """Searches for `seconds`, every `every` seconds or after the last search if that takes longer."""
        until = time.monotonic() + seconds
        for kind, words in self.turns:
            started = time.monotonic()
            taken = milliseconds_of(self.session, self.account.gets(f"/content?q={quote(words)}"))
            self.taken.setdefault(kind, []).append(taken)
            if time.monotonic() > until:
                return
            time.sleep(max(0.0, started + every - time.monotonic()))

    def p95(self) -> float:
        return samples.percentile([each for times in self.taken.values() for each in times], 95)

    def note(self) -> str:
        """Returns the slowest kind with its p95, and the number of searches."""
        by_kind = {kind: samples.percentile(times, 95) for kind, times in self.taken.items()}
        slowest = max(by_kind, key=lambda kind: by_kind[kind])
        count = sum(map(len, self.taken.values()))
        return f"{count} searches; slowest: {slowest}, p95 {by_kind[slowest]:.0f} ms; others list meanwhile"


def search(stage: Stage) -> list[Measurement]:
    """Searches by one person with 2,000 and 10,000 texts, while others list theirs."""
    few, many = stage.amount(FEW, 30), stage.amount(MANY, 60)
    with stage.system(BCRYPT_ROUNDS="4") as system:
        person, others = register(system.webs[0]), _others(system)
        texts = _texts(many)
        contents = contents_of(system.environ)
        fill_each(contents, person.user_id, islice(texts, few))
        found = _beside_others(stage, Searches(person, _kinds()), others, few, 150)
        fill_each(contents, person.user_id, texts)
        return found + _beside_others(stage, Searches(person, _kinds()), others, many, 500)


def _beside_others(stage: Stage, searches: Searches, others: Target, count: int, most: float) -> list[Measurement]:
    """Returns the p95 of the searches, and the others' median with and without them, in alternation."""
    seconds = stage.amount(5, 2)
    press(others, 1, OTHERS, pause_ms=PAUSE_MS)

    def alone() -> float:
        return press(others, seconds, OTHERS, pause_ms=PAUSE_MS).p50

    def beside(every: float) -> float:
        listing = begin(others, seconds, OTHERS, pause_ms=PAUSE_MS)
        searches.run(seconds, every)
        return read(listing).p50

    rounds = samples.in_turns(stage.amount(ROUNDS, 1), alone, partial(beside, TYPING_SECONDS), partial(beside, 0.0))
    baseline, typing, ceaseless = map(samples.median, rounds)
    name = f"GET /content?q= in {count:,} texts of 1,000 words, p95"
    others_name = f"others' GET /content meanwhile ({count:,} texts), p50"
    note = (
        "a search every 0.3 s; baseline: without them; four people list once each every 40 ms. "
        f"With one search after the other, without a pause: {ceaseless:.1f} ms"
    )
    return [
        at_most(name, "ms", searches.p95(), most, note=searches.note(), limit=READING),
        times_baseline(others_name, "ms", typing, baseline, 1.1, note=note, limit=PROCESSOR),
    ]


def _others(system: System) -> Target:
    people = [register(system.webs[0]) for _ in range(OTHERS)]
    for each in people:
        fill_each(contents_of(system.environ), each.user_id, islice(invented_text.texts(100), OF_EACH_OTHER))
    target = people[0].gets("/content")
    return Target(target.url, ",".join(each.token for each in people))


def _texts(count: int) -> Iterator[str]:
    """Yields texts; MARKED of them have the rare words, all among the first ones, which a search reads last."""
    for number, text in enumerate(islice(invented_text.texts(WORDS), count)):
        yield f"{text}\n\n{RARE} {CHINESE}" if number < MARKED else text


def _kinds() -> dict[str, str]:
    words = invented_text.vocabulary()
    return {
        "a frequent word": words[_COMMON],
        "a rare word": RARE,
        "two words": f"{words[_USUAL]} {words[_UNUSUAL]}",
        "part of a word": RARE[1:-2],
        "Chinese": CHINESE[1:],
        "a word in no text": "xylophonist",
    }
