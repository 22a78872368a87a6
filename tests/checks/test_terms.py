"""The brief's terms are found in every script and inflection, without false matches."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from app.checks.keywords import check
from app.checks.subject import Reading, Subject
from app.checks.terms import Terms

FOUND = [
    # term, text, how often, in which language the brief is
    ("garden", "Gardens need rain; the garden's gate, a GARDEN.", 3, None),
    ("gardening", "They gardened. She likes gardening.", 2, "en"),
    ("old glass", "Old   glass, old\nglass and old, glass.", 2, "en"),
    ("long-term", "A long term plan, a long-term one.", 2, "en"),
    ("cat", "Concatenate the category: scat! One cat.", 1, "en"),
    ("R&D", "Our R&D team; R & D; r&d.", 2, None),
    ("C++", "C++ and C, and c++11.", 2, None),
    (".NET", "Write it in .NET.", 1, None),
    ("🐝", "A 🐝 and 👩‍👩‍👧‍👦.", 1, None),
    ("café", "Le café, LES CAFÉS, un cafe\u0301.", 3, "fr"),
    ("école", "L'école et d'école; l’École.", 3, "fr"),
    ("schön", "Das ist schon gut. Schöne Gärten sind schön.", 2, "de"),
    ("Haus", "Die Häuser, das Haus, des Hauses; Hausarzt.", 3, "de"),
    ("Straße", "STRASSE und Straßen.", 2, "de"),
    ("Bienenstock", "Alle Bienenstöcke, ein Bienenstock.", 2, "de"),
    ("jardín", "Los jardines y el jardi\u0301n.", 2, "es"),
    ("giardino", "I giardini e il giardino.", 2, "it"),
    ("jardim", "Os jardins e o jardim.", 1, "pt"),
    ("ogród", "W ogrodzie; ogród.", 1, "pl"),
    ("książka", "Książki i książkę.", 2, "pl"),
    ("kert", "A kertben, kertek, kert.", 3, "hu"),
    ("talo", "Taloissa on talo.", 2, "fi"),
    ("ev", "Evlerde, evler, EV.", 3, "tr"),
    ("ışık", "IŞIK ve ışık.", 2, "tr"),
    ("İstanbul", "istanbul, İSTANBUL", 2, "tr"),
    ("κήπος", "Ο κήπος, του κήπου, ΟΙ ΚΗΠΟΙ.", 3, None),
    ("Αθήνα", "ΑΘΗΝΑ και Αθήνας.", 2, "el"),
    ("огород", "В огороде, огороды, Огород.", 3, None),
    ("ёлка", "Елка и ёлки.", 2, "ru"),
    ("замок", "За\u0301мок стоит.", 1, "ru"),
    ("книга", "Книги, книгу, книга.", 3, "uk"),
    ("кот", "Который кот?", 1, "ru"),
    ("كتاب", "الكتاب كِتَابٌ جديد", 2, None),
    ("کتاب", "کتاب‌ها و کتاب و كتاب", 3, "fa"),
    ("سبزی", "سبزی‌ها تازه است.", 1, "fa"),
    ("גן", "הגן בגן גן גנן", 3, "he"),
    ("גן", "הגן יפה.", 1, None),
    ("शहर", "यह शहर बड़ा है।", 1, None),
    ("हिन्दी", "हिन्दी में लिखो।", 1, None),
    ("猫", "吾輩は猫である。猫です。", 2, None),
    ("東京タワー", "東京タワーに行く。東京のタワー。", 1, None),
    ("ガイド", "ｶﾞｲﾄﾞとガイドとカ\u3099イト\u3099", 3, None),
    ("AI技術", "最新のａｉ技術。", 1, None),
    ("机器学习", "机器学习很重要。", 1, None),
    ("สวน", "สวนครัวและสวน", 2, None),
    ("Python", "使用Python编程", 1, None),
    ("정원", "정원 가꾸기", 1, None),
    ("정원", "정원에 꽃이 피고 정원들은 조용하다. 정원사.", 2, None),
    ("고양이", "고양이가 잔다. 고양이, 고양이와.", 3, None),
    ("집", "집에서 집을 본다. 집중.", 2, "ko"),
    ("vườn", "Vườn rau, vuon.", 1, None),
    ("%$#", "No such thing.", 0, None),
]


def count(term: str, text: str, language: str | None) -> int:
    subject = Subject(Reading(text), "blog", {"language": language} if language else {})
    return len(Terms(subject).find(term))


@pytest.mark.parametrize(("term", "text", "times", "language"), FOUND)
def test_a_term_is_found_in_its_forms(term: str, text: str, times: int, language: str | None) -> None:
    assert count(term, text, language) == times


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("term", "text", "times", "language"), FOUND)
def test_composed_and_decomposed_terms_match(term: str, text: str, times: int, language: str | None, form: str) -> None:
    written: Any = form
    assert count(unicodedata.normalize("NFC", term), unicodedata.normalize(written, text), language) == times


def test_positions_are_code_points_of_the_source() -> None:
    """Also after emoji, markup and links."""
    text = "👩‍👩‍👧‍👦 **Bees** and [the bee](https://bees.example/bee) and `bees`."
    found = Terms(Subject(Reading(text), "blog", {"language": "en"})).find("bee")
    assert [text[each.start : each.end] for each in found] == ["Bees", "bee"]


def test_there_is_one_finding_per_term_of_the_brief() -> None:
    brief = {"keywords": ["bee", "wax"], "avoid": ["magic", "honey"]}
    found = list(check(Subject(Reading("Bees make honey. " * 120), "blog", brief)))  # type: ignore[arg-type]  # a literal
    told = [(each.check, each.passed, each.target, each.value) for each in found]
    assert told == [
        ("keyword", True, "bee", 120),
        ("keyword", False, "wax", 0),
        ("avoid", True, "magic", 0),
        ("avoid", False, "honey", 120),
    ]
    assert (len(found[0].spans), found[0].count) == (100, 120)
