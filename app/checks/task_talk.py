"""The `task-talk` check: finds where a model addresses the user, refuses, or leaves thoughts or prompt marks behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from app.checks.finding import Finding, Span
from app.checks.subject import Subject
from app.checks.tables import table

EDGE = 400
"""Characters at each end of a text that are searched for remarks about the task."""

_HELPFUL = (
    r"i(?:['\u2019](?:d|ll)| can| will) (?:be (?:happy|glad)(?: to)?|gladly|love to|(?:help|write|create|draft) "
    r"(?:you|that|this|with|an? (?:blog|post|article|description|text|draft)))"
)
_MINE = r"(?:my|mein\w*|mon|ma|mes|mi|mio|mia|meu|minha|mijn|min|mitt|mój|moja|мой|моя|мій|benim)\b"
"""Only people write "my text", so these are not remarks of a model."""
_FEW_WORDS = rf"(?: (?!{_MINE})[^\s:.!?]{{1,30}}){{0,6}}?"
_WANTED = r"(?:asked|requested|wanted)"
_MARKS = re.compile(r"</?(?:[a-z]+)-[0-9a-f]{16}>")
_THOUGHTS = re.compile(
    r"\A\s*(?:</?(?:think(?:ing)?|thoughts?|reasoning|reflection)>|THOUGHTS?:|Assistant:"
    r"|Thoughts?: (?:[Tt]he user|I (?:need|should|will|must)|[Ll]et me))"
    r"|^[ \t]*</think(?:ing)?>[ \t]*$",
    re.MULTILINE,
)
_LEFT_OVER = re.compile(r"</(?:request|title|think|thinking)>\s*\Z|\A\s*</?request>")
_FENCE = re.compile(r"\A\s*(?:```+|~~~+)[ \t]*(?:markdown|md|text|txt|html)?[ \t]*\n", re.IGNORECASE)


def check(subject: Subject) -> Finding:
    """Searches only the beginning and the end for remarks; elsewhere they are part of the text."""
    places = [*at_the_start(subject), *at_the_end(subject), *left_over(subject)]
    if is_all_in_a_fence(subject):
        places.append(Span(0, len(subject.reading.text)))
    if not places:
        return Finding("task-talk", True, "No talk about the task.")
    return Finding.at(
        "task-talk", False, "The text talks about the task, or contains something not meant for readers.", places
    )


def at_the_start(subject: Subject) -> Iterator[Span]:
    """Yields an announcement or refusal at the beginning."""
    if found := _start().match(_plain(subject.reading.prose[:EDGE])):
        yield subject.span(*found.span())


def at_the_end(subject: Subject) -> Iterator[Span]:
    """Yields offers to continue at the end."""
    first = max(len(subject.reading.prose) - EDGE, 0)
    for found in _end().finditer(_plain(subject.reading.prose[first:])):
        yield subject.span(first + found.start(), first + found.end())


def left_over(subject: Subject) -> Iterator[Span]:
    """Yields the model's thoughts and the marks of the prompt."""
    for pattern in (_THOUGHTS, _LEFT_OVER, _MARKS):
        for found in pattern.finditer(subject.reading.prose):
            yield subject.span(*found.span())


def is_all_in_a_fence(subject: Subject) -> bool:
    """Whether the whole text is one code block labelled as text."""
    return not subject.reading.prose.strip() and bool(_FENCE.match(subject.reading.text))


def _plain(text: str) -> str:
    """Replaces non-breaking spaces by spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@cache
def _start() -> re.Pattern[str]:
    languages, unspaced = table("task_talk")["language"].values(), table("task_talk")["unspaced"]
    openers = "|".join(table("task_talk")["opener"]["words"])
    announcements = "|".join(_announcement(*each) for each in table("task_talk")["language"].items())
    refusals = "|".join(each for language in languages for each in language["refusal"])
    opener = rf"(?:{openers})[\s!,.:;\u2014\u2013\u060c\u3002\uff01-]{{1,6}}"
    others = "|".join(unspaced["start"])
    pattern = rf"[\s\u00a1\u00bf]*(?:{opener}{_HELPFUL}|(?:{opener})?(?:{announcements})|{refusals}|{others})"
    return re.compile(pattern, re.IGNORECASE)


def _announcement(language: str, phrases: Mapping[str, list[str]]) -> str:
    """Matches `Here is the blog post about bees:` and `Here's your text.`, but not `Here is the post office where …`.

    In English the words for a text have other meanings too, so the rule for what follows them is stricter.
    """
    here_is, text = "|".join(phrases["here_is"]), "|".join(phrases["text"])
    about = rf"(?: (?:{'|'.join(table('task_talk')['about']['words'])})\b)"
    rest = "" if language == "en" else r"|[^\n.!?]{0,60}:[ \t]*(?:\n|$)"
    last = rf"(?:\s*[:\uff1a]|[.!](?=\s|$)|\s*\n|{about}[^\n.!?]{{0,100}}(?::|\n|[.!]\s*\n| {_WANTED}){rest})"
    return rf"(?:{here_is})(?!\w){_FEW_WORDS} (?:{text})(?![\w-]){last}"


@cache
def _end() -> re.Pattern[str]:
    languages, unspaced = table("task_talk")["language"].values(), table("task_talk")["unspaced"]
    offers = "|".join(each for language in languages for each in language.get("offer", ()))
    return re.compile(rf"(?<!\w)(?:{offers})|{'|'.join(unspaced['end'])}", re.IGNORECASE)
