"""Validates and normalises BCP 47 language tags (RFC 5646)."""

from __future__ import annotations

import re

LONGEST_TAG = 35
"""The length that programs must allow (RFC 5646, section 4.4.1)."""
TWO_LETTERS = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki
    kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no
    nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta
    te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905  # easier to read than 180 quotes
"""The ISO 639-1 codes. Three-letter codes (ISO 639-3) are too many to list."""
USUAL_FORM = rf"^(?:{'|'.join(TWO_LETTERS)}|[a-z]{{3}})(?:-[A-Z][a-z]{{3}})?(?:-(?:[A-Z]{{2}}|[0-9]{{3}}))?$"
"""Matches language, script and region, which covers nearly all tags. Variants and extensions may follow."""

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_REPLACED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}
"""Withdrawn codes that old systems still send, and their replacements in the registry."""
_KNOWN = frozenset(TWO_LETTERS)


def canonical(tag: str) -> str | None:
    """Returns the tag in recommended case (RFC 5646, section 2.1.1), or None if it is not a language tag."""
    lowered = tag.lower()
    found = _TAG.fullmatch(lowered) if len(tag) <= LONGEST_TAG else None
    if found is None:
        return None
    primary, *extended = found["language"].split("-")
    primary = _REPLACED.get(primary, primary)
    if len(primary) == 2 and primary not in _KNOWN:  # noqa: PLR2004  # ISO 639-1
        return None
    parts = [primary, *extended]
    parts += [found["script"].title()] if found["script"] else []
    parts += [found["region"].upper()] if found["region"] else []
    rest = lowered[max(found.end(name) for name in ("language", "script", "region")) :]
    return "-".join(parts) + rest


def primary_of(tag: str) -> str:
    """Returns the primary language subtag."""
    return tag.partition("-")[0].lower()
