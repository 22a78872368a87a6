"""The `readability` check: Flesch Reading Ease, for the languages with published constants.

Reading ease = base - a * (words per sentence) - b * (syllables per word); 0 is very hard, 100 very easy to read.

| language | base | a | b | source |
|---|---|---|---|---|
| en | 206.835 | 1.015 | 84.6 | R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948) |
| de | 180 | 1 | 58.5 | T. Amstad, "Wie verständlich sind unsere Zeitungen?", Zürich 1978 |
| fr | 207 | 1.015 | 73.6 | L. Kandel, A. Moles, "Application de l'indice de Flesch à la langue française", 1958 |
| es | 206.84 | 1.02 | 60 | J. Fernández Huerta, "Medidas sencillas de lecturabilidad", Consigna 214 (1959) |
| it | 206 | 1 | 65 | V. Franchina, R. Vacca, "Adaptation of Flesch readability index ...", 1972 |
| ru | 206.835 | 1.3 | 60.1 | I. V. Oborneva, 2005 |

Kandel and Moles, Fernández Huerta and Vacca count syllables per 100 words (0.736, 0.60, 0.65); here they are per word.
Fernández Huerta's formula was printed with sentences per 100 words, so that shorter sentences would be harder to read;
Law showed that words per sentence are meant (LINGUIST List 22.2332, 2011). Of the two Italian formulas, that of 1972 is
considered more reliable (the other is 217 - 1.3 W - 0.6 S, of 1986).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.checks.finding import Finding
from app.checks.sentences import sentences_of
from app.checks.subject import Subject
from app.checks.syllables import count_syllables

VERY_HARD = 30.0
"""Below this, Flesch's table says "very difficult", for college graduates."""
_BANDS = (
    (90.0, "very easy"),
    (80.0, "easy"),
    (70.0, "fairly easy"),
    (60.0, "plain"),
    (50.0, "fairly hard"),
    (30.0, "hard"),
)
_NUMBER = re.compile(r"\d")


class Formula(NamedTuple):
    """The constants of a language."""

    base: float
    per_word_in_sentence: float
    per_syllable_in_word: float


FORMULAS = {
    "en": Formula(206.835, 1.015, 84.6),
    "de": Formula(180, 1, 58.5),
    "fr": Formula(207, 1.015, 73.6),
    "es": Formula(206.84, 1.02, 60),
    "it": Formula(206, 1, 65),
    "ru": Formula(206.835, 1.3, 60.1),
}


def check(subject: Subject) -> Finding:
    """`passed` is None unless the text was detected to be in one of the six languages, whatever the brief says."""
    language = subject.reading.detected.language if subject.reading.detected else None
    formula = FORMULAS.get(language or "")
    if language is None or formula is None:
        return Finding("readability", None, "There is no formula for the language of this text, or it is too short.")
    ease = reading_ease(subject, language)
    band = next((name for least, name in _BANDS if ease >= least), "very hard")
    return Finding("readability", ease >= VERY_HARD, f"Reading ease {ease:g}: {band} to read.", value=ease)


def reading_ease(subject: Subject, language: str) -> float:
    """Returns the score, to one decimal. Numbers in digits are not counted, because their syllables are unknown."""
    words = [each.folded for each in subject.reading.words if not _NUMBER.search(each.folded)]
    formula = FORMULAS[language]
    sentences = len(sentences_of(subject.reading.document))
    if not words or not sentences:
        return formula.base
    syllables = count_syllables(words, language)
    length = formula.per_word_in_sentence * len(words) / sentences
    return round(formula.base - length - formula.per_syllable_in_word * syllables / len(words), 1)
