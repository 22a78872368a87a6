"""`language`: whether the text is in the language that the brief asks for."""

from __future__ import annotations

from app.checks.detection import FEWEST_WORDS, Detected, told_apart
from app.checks.finding import Finding
from app.checks.language_tags import primary_of
from app.checks.subject import Subject

_SAME = {"no": "nb", "fil": "tl", "cmn": "zh"}


def check(subject: Subject) -> Finding:
    """Only the language itself is compared, not script or region. Under forty words nothing is said."""
    detected, asked = subject.detected, subject.brief.get("language")
    if detected is None:
        fewest = (
            f"under {FEWEST_WORDS} words" if subject.word_count < FEWEST_WORDS else "none that is known for certain"
        )
        return Finding("language", None, f"The language cannot be said: {fewest}.", target=asked)
    if asked is None:
        return Finding("language", None, "The brief names no language.", value=detected.language)
    passed = is_in(detected, asked)
    message = {
        True: f"The text is in the language asked for ({asked}).",
        False: f"The text is in another language ({detected.language}) than asked for ({asked}).",
        None: f"Whether the text is in the language asked for ({asked}) cannot be said: it is close to others.",
    }[passed]
    return Finding("language", passed, message, value=detected.language, target=asked)


def is_in(detected: Detected, asked: str) -> bool | None:
    """Whether a text is in the language that a tag names; None when it may be."""
    language = primary_of(asked)
    language = _SAME.get(language, language)
    if language == detected.language:
        return True
    if language in detected.maybe or (language not in told_apart() and not detected.strong):
        return None
    return False
