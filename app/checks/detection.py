"""Detects the language of a text by its script, then by its most frequent words.

No model is needed: a table of 40 words per language takes a few kilobytes and a millisecond. For texts of 40 words or
more it errs only between closely related languages, for which the result says so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.checks.frequent_words import known_languages, languages_by_letter, languages_by_word
from app.checks.words import Word

FEWEST_WORDS = 40
MOST_WORDS = 2_000
"""The maximum number of words examined, evenly spread over the text."""
MOST_CHARACTERS = 20_000

_SHARE_OF_SCRIPT = 0.6
_SHARE_OF_KANA = 0.05
_LEAST_EVIDENCE = 0.08
"""The minimum weighted share of frequent words. Below it the result is None."""
_STRONG_EVIDENCE = 0.2
_LEAD = 1.25
"""How much larger than the next language's the evidence must be."""
_WEIGHT_OF_LETTERS = 0.4
_LARGEST_SHARE_OF_LETTERS = 0.35

_SCRIPTS = {
    "latin": ("A-Za-z\u00c0-\u024f\u1e00-\u1eff", ()),
    "cyrillic": ("\u0400-\u052f", ()),
    "arabic": ("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", ()),
    "devanagari": ("\u0900-\u097f", ()),
    "hebrew": ("\u0590-\u05ff", ()),
    "greek": ("\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "kana": ("\u3040-\u30ff\uff66-\uff9f", ("ja",)),
    "han": ("\u3400-\u9fff\U00020000-\U0003ffff", ("zh", "yue", "wuu", "cmn", "lzh", "hak", "nan")),
    "hangul": ("\uac00-\ud7af\u1100-\u11ff\u3130-\u318f", ("ko",)),
    "thai": ("\u0e00-\u0e7f", ("th",)),
    "lao": ("\u0e80-\u0eff", ("lo",)),
    "tibetan": ("\u0f00-\u0fff", ("bo", "dz")),
    "burmese": ("\u1000-\u109f", ("my", "shn", "mnw")),
    "khmer": ("\u1780-\u17ff", ("km",)),
    "georgian": ("\u10a0-\u10ff\u1c90-\u1cbf", ("ka", "xmf")),
    "armenian": ("\u0530-\u058f", ("hy", "hyw")),
    "ethiopic": ("\u1200-\u139f", ("am", "ti")),
    "bengali": ("\u0980-\u09ff", ("bn", "as")),
    "gurmukhi": ("\u0a00-\u0a7f", ("pa",)),
    "gujarati": ("\u0a80-\u0aff", ("gu",)),
    "oriya": ("\u0b00-\u0b7f", ("or",)),
    "tamil": ("\u0b80-\u0bff", ("ta",)),
    "telugu": ("\u0c00-\u0c7f", ("te",)),
    "kannada": ("\u0c80-\u0cff", ("kn", "tcy")),
    "malayalam": ("\u0d00-\u0d7f", ("ml",)),
    "sinhala": ("\u0d80-\u0dff", ("si",)),
}
"""Character ranges of scripts, with the languages of those scripts for which words are not compared."""
_OF_SCRIPT = {
    "cyrillic": {"ru", "uk", "be", "bg", "mk", "sr", "kk"},
    "arabic": {"ar", "fa", "ur", "ps"},
    "devanagari": {"hi", "mr", "ne"},
    "hebrew": {"he", "yi"},
}
_SIBLINGS = tuple(
    frozenset(group.split())
    for group in (
        "nb no nn da",
        "hr sr bs sh cnr me",
        "id ms jv su",
        "es ast an gl",
        "pt gl",
        "en sco",
        "de lb nds gsw bar",
        "nl fy li vls nds",
        "it co sc scn lmo vec nap",
        "fr oc wa frp",
        "ca oc an",
        "is fo",
        "fi kv krl",
        "tl fil",
        "fa prs tg ckb",
        "he yi",
        "hi mr ne sa mai bho kok",
        "ru rue",
        "uk rue",
        "bg mk",
        "tr az tk",
        "ar arz ary apc",
        "kk ky tt ba mn uz",
        "ro mo",
        "cs sk",
        "ur pa sd pnb",
    )
)
"""Related languages that this detector cannot reliably distinguish."""


@dataclass(frozen=True)
class Detected:
    """A language, and others it may be. `strong` means that languages without a word list are ruled out too."""

    language: str
    maybe: frozenset[str]
    strong: bool


def detect(prose: str, words: Sequence[Word], count: int) -> Detected | None:
    """Returns the language of a text, or None if it is uncertain or the text has fewer than FEWEST_WORDS words."""
    if count < FEWEST_WORDS:
        return None
    script = _script_of(_sample(prose))
    if script is None:
        return None
    _, languages = _SCRIPTS[script]
    if languages:
        return Detected(languages[0], frozenset(languages), strong=True)
    return _by_words(_OF_SCRIPT.get(script, known_languages() - _elsewhere()), _spread(words))


@cache
def told_apart() -> frozenset[str]:
    """Returns the languages that can be detected."""
    return known_languages().union(*(languages for _, languages in _SCRIPTS.values()))


def siblings_of(language: str) -> frozenset[str]:
    """Returns the language and those related to it."""
    return frozenset({language}.union(*(group for group in _SIBLINGS if language in group)))


def _elsewhere() -> frozenset[str]:
    return frozenset().union(*_OF_SCRIPT.values())


def _sample(prose: str) -> str:
    """Returns three parts of a long text, so that its beginning alone does not decide."""
    if len(prose) <= MOST_CHARACTERS:
        return prose
    part = MOST_CHARACTERS // 3
    middle = len(prose) // 2
    return f"{prose[:part]} {prose[middle : middle + part]} {prose[-part:]}"


def _spread(words: Sequence[Word]) -> Sequence[Word]:
    return words[:: len(words) // MOST_WORDS + 1]


def _script_of(sample: str) -> str | None:
    """Returns the script of most letters. Text with enough kana counts as Japanese."""
    if sample.isascii():
        return "latin" if any(map(str.isalpha, sample)) else None
    counts = Counter({name: len(_letters_of(name).findall(sample)) for name in _SCRIPTS})
    if counts["kana"] > _SHARE_OF_KANA * (counts["kana"] + counts["han"]):
        counts["kana"] += counts.pop("han")
    name, most = counts.most_common(1)[0]
    return name if most and most >= _SHARE_OF_SCRIPT * counts.total() else None


@cache
def _letters_of(script: str) -> re.Pattern[str]:
    return re.compile(f"[{_SCRIPTS[script][0]}]")


def _by_words(candidates: frozenset[str] | set[str], words: Sequence[Word]) -> Detected | None:
    if not words:
        return None
    ranked = _evidence(candidates, words)
    if not ranked or ranked[0][0] < _LEAST_EVIDENCE * len(words):
        return None
    most, language = ranked[0]
    close = {name for amount, name in ranked if amount * _LEAD > most}
    if close - siblings_of(language):
        return None
    untold = siblings_of(language) - candidates
    return Detected(language, frozenset(close | untold), most >= _STRONG_EVIDENCE * len(words))


def _evidence(candidates: frozenset[str] | set[str], words: Sequence[Word]) -> list[tuple[float, str]]:
    """Returns the evidence for each language, strongest first.

    Counts frequent words, weighted by how few languages share them, and letters that only some languages have.
    """
    by_word, by_letter = languages_by_word(), languages_by_letter()
    found: dict[str, float] = defaultdict(float)
    letters: Counter[str] = Counter()
    for word, times in Counter(each.folded for each in words).items():
        for language in (having := by_word.get(word, ())):
            found[language] += times / len(having) ** 0.5
        if not word.isascii():
            for language in {name for letter in word if letter in by_letter for name in by_letter[letter]}:
                letters[language] += times
    for language, times in letters.items():
        found[language] += min(times * _WEIGHT_OF_LETTERS, _LARGEST_SHARE_OF_LETTERS * len(words))
    return sorted(((amount, name) for name, amount in found.items() if name in candidates), reverse=True)
