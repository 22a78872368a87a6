"""Splits a text into sentences, block by block."""

from __future__ import annotations

import re

from app.checks.finding import Span
from app.checks.markdown import Document

_END = re.compile(
    r"(?:[.!?\u2026\u061f\u06d4\u0964\u0589\u1362]+[\"'\u2019\u201d\u00bb)\]]*(?=\s|$)|[\u3002\uff01\uff1f\uff0e]+[\u300d\u300f\u201d]*)"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|ca|bzw|z\.B|d\.h|u\.a|usw|Nr|Hr|Fr|M|Mme|p\.ex|cf|Sr|Sra|Dott|Sig"
    r"|т\.е|т\.д|т\.п|г|ул)|\b[^\W\d_]|(?<!\S)\d{1,3})\.$"
)
"""Full stops that do not end a sentence: abbreviations, initials, numbers in lists and dates."""
_LOOK_BACK = 12


def sentences_of(document: Document) -> list[Span]:
    """Returns the ranges of the sentences in the prose. Each heading and list item has at least one."""
    found = []
    for block in document.blocks:
        start = block.span.start
        for end in _END.finditer(document.prose, block.span.start, block.span.end):
            before = document.prose[max(start, end.end() - _LOOK_BACK) : end.end()]
            if end.end() < block.span.end and _ABBREVIATED.search(before):
                continue
            found.append(Span(start, end.end()))
            start = end.end()
        if document.prose[start : block.span.end].strip():
            found.append(Span(start, block.span.end))
    return found
