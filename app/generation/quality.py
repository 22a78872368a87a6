"""Whether a text is good enough to show; what is wrong with it becomes advice for the next attempt."""

from __future__ import annotations

import re

from app.errors import TransientFailure

MINIMUM_WORDS = {"blog": 100, "product": 30, "social": 5}

_PLACEHOLDER = re.compile(
    r"\[(?:insert|your|add|enter|name of|company|product|brand|date|link|url|placeholder)\b[^\]\n]{0,80}\](?!\()"
    r"|\blorem ipsum\b|\{\{[^}\n]{0,80}\}\}",
    re.IGNORECASE,
)
_TASK_TALK = re.compile(
    r"""
      \bas\ an\ ai\b (?!\ (?:engineer|expert|researcher|company|startup|developer))
    | \bas\ a(?:n\ ai)?\ (?:large\ )?language\ model\b
    | \A\W* (?:sure|certainly|of\ course|absolutely|okay|ok)\b [!,.:]?\ *
      (?: here(?:['\u2019]s|\ is|\ are) | i(?:['\u2019](?:d|ll)|\ can|\ will) )
    | \A\W* here(?:['\u2019]s|\ is|\ are)\ (?:a|an|the|your|some)\ (?:\w+[\ -]){0,4}
      (?:post|blog|article|description|text|draft|copy|caption)\b
    | \b(?:i\ am|i['\u2019]m)\ sorry,?\ but\ i\ can(?:['\u2019]t|not)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
UNSPACED_CHARACTERS_PER_WORD = 2
"""In scripts without spaces between words (Chinese, Japanese, Thai, …) about two characters make a word."""


def check(content_type: str, text: str) -> None:
    """Raises TransientFailure, with advice for the model, for a text that must not be shown."""
    if not text.strip():
        raise TransientFailure("AI service returned empty content", feedback="It was empty.")
    if _PLACEHOLDER.search(text):
        raise TransientFailure(
            "AI service returned a text with placeholders",
            feedback="It contained placeholders; write every detail out, or leave it away.",
        )
    if _TASK_TALK.search(text):
        raise TransientFailure(
            "AI service talked about the task instead of writing",
            feedback="It talked about the task or about itself; give the finished text alone.",
        )
    minimum = MINIMUM_WORDS[content_type]
    if (words := count_words(text)) < minimum:
        raise TransientFailure(
            "AI service returned a text that is too short",
            feedback=f"It had {words} words; at least {minimum} are needed.",
        )


def count_words(text: str) -> int:
    """Words, in scripts with and without spaces between them."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = len(_WORD.findall(_UNSPACED.sub(" ", text)))
    return spaced + unspaced // UNSPACED_CHARACTERS_PER_WORD
