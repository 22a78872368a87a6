"""The `placeholders` check: finds blanks to be filled in, template markup and filler text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.checks.characters import NAME_PART
from app.checks.finding import Finding, Span
from app.checks.subject import Subject

_BLANK = re.compile(
    rf"""
      (?: (?<![{NAME_PART}\])]) \[ | 【 ) \s? (?:
          (?: insert | enter | add(?!\ to\b) | your | name\ of | specify | fill\ in
            | ihre?n? | deine?n? | votre | vos | tu | su | il\ tuo | la\ tua | seu | sua | uw | jouw | twoje | twój
            | ваше? | ваша | ваш | ваші | insérer | insertar | inserire | inserir ) \ [^\]】\n]{{1,80}}
        | [^\]】\n]{{1,40}}\ (?: einfügen | eintragen | here | ici | aquí | qui | aqui | hier )
        | (?: company | product | brand | customer | client | recipient | first | last | full )(?:['\u2019]s)?[\ _-]name
        | (?: phone | telephone | contact )[\ _-]number | (?: e-?mail | postal | website )[\ _-]address
        | (?: author | sender | website | event | contact | store | shop | business | venue | city | location
            | state | country | address )(?:\ (?: name | url | link | address | number | details | info(?:rmation)? ))?
          (?:,\ ?\w{{1,20}})?
        | date | time | link | url | name | company | brand | product | price | placeholder
        | firmenname | produktname | telefonnummer | datum | preis | nom | nombre | nome | имя | название | дата
        | (?: 您的 | 你的 | あなたの | 御社の | 貴社の ) [^\]】\n]{{1,20}}
        | 姓名 | 公司名称 | 产品名称 | 日期 | 会社名 | 商品名 | 氏名 | 日付
        | 이름 | 회사명 | 제품명 | 날짜
      ) \s? [\]】] (?! [(\[:] )
    | < (?: insert | your | enter ) \ [^<>\n]{{1,60}} >
    | (?<![{NAME_PART}]) (?-i: TODO | FIXME | TBD ) :
    | (?<![{NAME_PART}]) (?-i: XXX [\ -] XXXX? (?: [\ -] XXXX? )? ) (?![{NAME_PART}])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TEMPLATE = re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}")
_FILLER = frozenset(
    """lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt labore dolore magna aliqua
    enim minim veniam quis nostrud exercitation ullamco laboris nisi aliquip commodo consequat duis aute irure
    reprehenderit voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat""".split()  # noqa: SIM905  # easier to read than quotes
)
_FILLER_SHARE = 0.3


def check(subject: Subject) -> Finding:
    """Ignores code, and whatever the request itself contains."""
    places = [*blanks(subject), *_templates(subject)]
    if is_filler(subject):
        return Finding.at("placeholders", False, "Most of the text is filler (lorem ipsum).", places)
    if not places:
        return Finding("placeholders", True, "No blanks to be filled in.")
    message = "A blank to be filled in." if len(places) == 1 else f"{len(places):,} blanks to be filled in."
    return Finding.at("placeholders", False, message, places)


def blanks(subject: Subject) -> list[Span]:
    """Returns the ranges of blanks that make a text unusable, such as [Your Name]."""
    return list(_found(_BLANK, subject))


def is_filler(subject: Subject) -> bool:
    """Whether the text is lorem ipsum, rather than about it."""
    words = [each.folded for each in subject.reading.words]
    return "lorem" in words and sum(word in _FILLER for word in words) > _FILLER_SHARE * len(words)


def _templates(subject: Subject) -> Iterator[Span]:
    return _found(_TEMPLATE, subject)


def _found(pattern: re.Pattern[str], subject: Subject) -> Iterator[Span]:
    asked_for = subject.asked_text.lower()
    for found in pattern.finditer(subject.reading.prose):
        if found[0].lower() not in asked_for:
            yield subject.span(*found.span())
