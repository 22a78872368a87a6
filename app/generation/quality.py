"""Rejects unusable texts, with feedback for the next attempt.

Only unusable texts are worth another attempt. Everything else is a finding of app.checks, shown to the user.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from app.checks import language, placeholders, task_talk
from app.checks.brief import Brief
from app.checks.finding import Span
from app.checks.subject import Reading, Subject
from app.checks.words import count_words
from app.errors import TransientFailure

MINIMUM_WORDS = {"blog": 100, "product": 8, "social": 5}
CUT_OFF = "AI service returned a text that was cut off"
ENOUGH = 0.5
"""The minimum share of the requested number of words, or of the content type's minimum."""
LONGEST_TEXT = 100_000
"""In characters. A longer text counts as cut off, because it cannot be stored."""

_SHORT_WANTED = re.compile(
    r"""
      \b (?: haiku | haïku | limerick | couplet | epigram | slogan | tagline | headline | one-liner | tweet ) s? \b
    | \b (?: one | a | single | two | 1 | 2 | ein(?:en|e)? | une | una | un )[\ -](?:single\ )?
      (?: sentence | line | satz | zeile | phrase | frase | línea | riga | ligne )s? \b
    | \b [1-9]\d?[\ -](?: word | character | wörter | mots | palabras | parole | palavras )
    | 俳句 | 川柳 | 一句 | 一行 | 한\ 문장
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?。！？\n]+\s*")  # noqa: RUF001  # Chinese punctuation
_REPEATED_TIMES = 100
_REPEATED_SHARE = 0.9
_MOST_LINES_TOLD = 5


def prepare() -> None:
    """Loads the tables and patterns of the rules, so that the first text does not wait 40 ms for them."""
    check("social", Reading("Bees sleep at night."))


def check(content_type: str, reading: Reading, request: str = "", brief: Brief | None = None) -> None:
    """Raises TransientFailure, with feedback for the model, if the text is unusable.

    `request` is the title and the prompt, which may ask for a short text or for one with placeholders.
    """
    if len(reading.text) > LONGEST_TEXT:
        raise TransientFailure(
            CUT_OFF, failure_code="cut_off", feedback=f"It had more than {LONGEST_TEXT:,} characters."
        )
    if not reading.text.strip():
        raise TransientFailure("AI service returned empty content", failure_code="empty", feedback="It was empty.")
    subject = Subject(reading, content_type, brief or {}, request)
    _refuse_blanks(subject)
    _refuse_task_talk(subject)
    _refuse_too_few_words(subject)
    _refuse_one_sentence(subject)
    _refuse_another_language(subject)


def _refuse_blanks(subject: Subject) -> None:
    filler, blanks = placeholders.is_filler(subject), placeholders.blanks(subject)
    if not filler and not blanks:
        return
    what = "It was filler (lorem ipsum)" if filler else f"It had blanks to be filled in, {_lines(subject, blanks)}"
    raise TransientFailure(
        "AI service returned a text with placeholders",
        failure_code="placeholders",
        feedback=f"{what}; write every detail out, or leave it away.",
    )


def _refuse_task_talk(subject: Subject) -> None:
    found = {
        "It began with words to whoever asked for it": list(task_talk.at_the_start(subject)),
        "It ended with words to whoever asked for it": list(task_talk.at_the_end(subject)),
        "It held thoughts, or the marks of the request": list(task_talk.left_over(subject)),
        "It stood in a block of code as a whole": [Span(0, 1)] if task_talk.is_all_in_a_fence(subject) else [],
    }
    told = [f"{what}, {_lines(subject, places)}" for what, places in found.items() if places]
    if told:
        raise TransientFailure(
            "AI service talked about the task instead of writing",
            failure_code="task_talk",
            feedback=f"{'. '.join(told)}. Give the finished text alone.",
        )


def _refuse_too_few_words(subject: Subject) -> None:
    """Counts words in code too, because a text about programming may be half code."""
    asked = subject.brief.get("words")
    least = math.ceil(ENOUGH * (asked or MINIMUM_WORDS[subject.content_type]))
    if asked is None and _SHORT_WANTED.search(subject.request):
        least = 1
    if (words := count_words(subject.reading.text)) < least:
        wanted = f"{asked} are asked for" if asked else f"at least {least} are needed"
        raise TransientFailure(
            "AI service returned a text that is too short",
            failure_code="too_short",
            feedback=f"It had {words} words; {wanted}.",
        )


def _refuse_one_sentence(subject: Subject) -> None:
    sentences = Counter(each.strip().lower() for each in _SENTENCE_END.split(subject.reading.text) if each.strip())
    most = max(sentences.values(), default=0)
    if most >= _REPEATED_TIMES and most >= _REPEATED_SHARE * sentences.total():
        raise TransientFailure(
            "AI service returned one sentence over and over",
            failure_code="repetitive",
            feedback=f"It repeated one sentence {most} times; write a whole text.",
        )


def _refuse_another_language(subject: Subject) -> None:
    asked, detected = subject.brief.get("language"), subject.reading.detected
    if asked and detected and language.is_in(detected, asked) is False:
        raise TransientFailure(
            "AI service returned a text in another language",
            failure_code="wrong_language",
            feedback=f"It was in another language ({detected.language}) than the one asked for ({asked}).",
        )


def _lines(subject: Subject, places: Iterable[Span]) -> str:
    """Names the lines. The text itself is not quoted, because it would become part of the next system instruction."""
    numbers = sorted({subject.reading.text.count("\n", 0, each.start) + 1 for each in places})
    shown = ", ".join(map(str, numbers[:_MOST_LINES_TOLD])) + (", …" if len(numbers) > _MOST_LINES_TOLD else "")
    return f"in line{'' if len(numbers) == 1 else 's'} {shown} of {subject.reading.text.count(chr(10)) + 1}"
