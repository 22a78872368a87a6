"""The `language` check: whether the text is in the language that the brief asks for."""

from __future__ import annotations

from app.checks.detection import FEWEST_WORDS, Detected, told_apart
from app.checks.finding import Finding
from app.checks.language_tags import primary_of
from app.checks.subject import Subject

_SAME = {"no": "nb", "fil": "tl", "cmn": "zh"}


def check(subject: Subject) -> Finding:
    """Compares only the language, not script or region. `passed` is None for texts of fewer than 40 words."""
    detected, asked = subject.reading.detected, subject.brief.get("language")
    if detected is None:
        fewest = f"under {FEWEST_WORDS} words" if subject.reading.word_count < FEWEST_WORDS else "no certain match"
        return Finding("language", None, f"The language cannot be determined: {fewest}.", target=asked)
    if asked is None:
        return Finding("language", None, "The brief does not ask for a language.", value=detected.language)
    passed = is_in(detected, asked)
    message = {
        True: f"The text is in the language asked for ({asked}).",
        False: f"The text is in another language ({detected.language}) than asked for ({asked}).",
        None: f"The text may be in the language asked for ({asked}), which is close to others.",
    }[passed]
    return Finding("language", passed, message, value=detected.language, target=asked)


def is_in(detected: Detected, asked: str) -> bool | None:
    """Returns whether a text is in the language of a tag, or None if it may be."""
    language = primary_of(asked)
    language = _SAME.get(language, language)
    if language == detected.language:
        return True
    if language in detected.maybe or (language not in told_apart() and not detected.strong):
        return None
    return False
