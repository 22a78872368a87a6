"""Folds text for searching and sorting: removes case, accents and typographic variants, in every script.

The same folding is applied to stored texts and to search words. Combining marks are removed before decomposition, which
takes time quadratic in the length of a run of marks (see app.typed_text).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

FOLDED_FIELDS = ("title", "prompt", "generated_text")
"""The searched fields, in the order of `folded`."""
LONGEST_TITLE_KEY = 200

_PART_OF_THE_LETTER = {0, 7, 8, 9}
"""Combining classes of marks that make a different letter: nukta, kana voicing, virama. All others are accents."""

_NEAR, _FAR = range(0x300, 0x10000), range(0x10000, 0x1E950)
"""Ranges of combining marks. Those of living languages are near, where a regular expression class is fast."""
_LONG_LIGATURES = re.compile("[\ufdfa\ufdfb]")
"""Sentences encoded as one character, which would make a text up to 18 times as long."""


def _class_of(*, kept: bool) -> str:
    marks = (mark for mark in map(chr, _NEAR) if unicodedata.combining(mark))
    return "".join(mark for mark in marks if (unicodedata.combining(mark) in _PART_OF_THE_LETTER) == kept)


_UNSEEN = "\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Invisible characters: soft hyphens, joiners, direction marks, the Arabic tatweel."""
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_ACCENTS = re.compile(f"[{_class_of(kept=False)}{_UNSEEN}]+")
"""Accents and invisible characters."""
_FAR_MARKS = re.compile(f"[{''.join(filter(unicodedata.combining, map(chr, _FAR)))}]+")
_KEPT = _class_of(kept=True) + "\u0f73\u0f75\u0f81"  # the last three decompose into such marks
_RUN = re.compile(f"([{_KEPT}]{{2}})[{_KEPT}]+")
_PUNCTUATION = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"',
    "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
}  # fmt: skip
"""Quotation marks and dashes."""
_PLAIN_PUNCTUATION = str.maketrans(_PUNCTUATION)
_VARIANTS = {
    "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0127": "h", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe",
} | _PUNCTUATION  # fmt: skip
"""Letters with strokes, ligatures, quotation marks and dashes, which Unicode does not decompose."""
_VARIANT = re.compile(f"[{''.join(_VARIANTS)}]")


def fold(text: str) -> str:
    """Returns the text in its form for comparison."""
    if text.isascii():
        return text.lower()
    near = _FAR_MARKS.sub("", text) if max(text) >= chr(_FAR.start) else text
    bounded = _RUN.sub(r"\1", _ACCENTS.sub("", _LONG_LIGATURES.sub(" ", near)))
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", bounded)).casefold()
    return unicodedata.normalize("NFC", _RUN.sub(r"\1", _VARIANT.sub(lambda found: _VARIANTS[found[0]], plain)))


def tag_key(tag: str) -> str:
    """Returns what tags that differ only in case, typographic variants or invisible characters have in common.

    Accents distinguish words: "peche" is not "pêche".
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", tag))
    plain = visible.translate(_PLAIN_PUNCTUATION).casefold().replace("i\u0307", "i")  # the Turkish capital is dotted
    return unicodedata.normalize("NFKC", plain)


def folded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the derived search and sort fields of a new content."""
    texts = [fold(values.get(name) or "") for name in FOLDED_FIELDS]
    return {"folded": texts, "title_key": texts[0][:LONGEST_TITLE_KEY]}


def refolded(values: Mapping[str, Any], when: Any = True) -> dict[str, Any]:
    """Returns members of a `$set` stage that update the derived fields for the fields in `values`.

    They only change if the expression `when` is true.
    """
    if not set(FOLDED_FIELDS) & set(values):
        return {}
    places = {name: {"$arrayElemAt": [{"$ifNull": ["$folded", []]}, place]} for place, name in enumerate(FOLDED_FIELDS)}
    new = {name: {"$literal": fold(values[name] or "")} for name in FOLDED_FIELDS if name in values}
    chosen = {name: new[name] if when is True else {"$cond": [when, new[name], places[name]]} for name in new}
    members: dict[str, Any] = {"folded": [chosen.get(name, places[name]) for name in FOLDED_FIELDS]}
    if "title" in chosen:
        key = {"$substrCP": [chosen["title"], 0, LONGEST_TITLE_KEY]}
        members["title_key"] = key if when is True else {"$cond": [when, key, "$title_key"]}
    return members
