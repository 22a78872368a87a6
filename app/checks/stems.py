"""Decides whether two words are forms of the same word, using Snowball stemmers where there is one."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

from app.checks.words import LONGEST_WORD

_NAMES = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek",
    "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nb": "norwegian", "no": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "hr": "serbian", "bs": "serbian",
    "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish", "sk": "czech",
    "ms": "indonesian",
}  # fmt: skip
_OF_SCRIPT = (
    (range(0x370, 0x400), "el"), (range(0x400, 0x530), "ru"), (range(0x530, 0x590), "hy"),
    (range(0x590, 0x600), "he"), (range(0x600, 0x700), "ar"),
    (range(0x900, 0x980), "hi"), (range(0xB80, 0xC00), "ta"),
    (range(0xAC00, 0xD7A4), "ko"),
)  # fmt: skip
"""The language to assume for a word by its script, if the text's language is unknown."""
_ENDINGS = {
    "uk": "ами ями ові еві ого ому ими ій ів ах ях ам ям ою ею а я о е у ю и і ї й ь",
    "be": "амі ямі аў яў ах ях ам ям ага аму ымі ою ею а я о е у ю ы і й ь",
    "bg": "ията ите ата ето ият ове ът та то те ия а я о е и",
    "mk": "ите ата ето ови от та то те а о е и",
    "sl": "ami ega emu ih im om am ov a e i o u",
    "ko": "에서는 에서도 으로는 에게서 에서 에게 한테 까지 부터 처럼 보다 마다 으로 이나 "
    "들은 들을 들이 들의 들에 들과 들도 은 는 이 가 을 를 에 의 로 와 과 도 만 들 나",
    "lv": "iem ajam ām ās os us is as am ai ei ām a e i o u s š",
}
"""Endings of nouns and adjectives, and attached particles, for languages without a Snowball stemmer."""
_SHORTEST_STEM = 3
_SYLLABLES = frozenset({"ko"})
"""Languages whose letters are syllables, so that a single one can be a stem."""
_CONTRACTIONS: dict[str | None, tuple[str, ...]] = {
    "he": ("ה", "ב", "ל", "ו", "מ", "ש", "כ", "וה", "שה", "מה", "וב", "ול")
}
"""Articles and prepositions that are attached to the following word."""
_GERMAN = "de"
_UMLAUTS = "äöü"
_PREFIX = 2
_CORE = 3
_PREFIXED: frozenset[str | None] = frozenset({"ar", "id", "ms", "ga", "fa"})
"""Languages whose stemmers also remove prefixes."""

_lock = threading.Lock()
"""Stemmers are stateful, so only one thread at a time may use one."""


class Forms:
    """Recognises the forms of one folded word in a language."""

    def __init__(self, word: str, language: str | None) -> None:
        self._word = word
        self._language = language or _language_of(word)
        self._stem = stem(word, self._language)
        self.beginning = beginning_of(word)

    @property
    def may_begin_otherwise(self) -> bool:
        """Whether forms may begin with other letters than the word itself."""
        return self._language in _PREFIXED or self._language in _CONTRACTIONS

    def may_have(self, word: str) -> bool:
        """A quick test that excludes most words before `has`."""
        if self._language in _CONTRACTIONS:
            return word.endswith(self._word)
        if self._stem is None:
            return False
        return self._language not in _PREFIXED or self._stem[:_CORE] in word

    def has(self, word: str) -> bool:
        """Whether a folded word is this word or a form of it."""
        if word == self._word:
            return True
        if self._language in _CONTRACTIONS:
            return word.endswith(self._word) and word.removesuffix(self._word) in _CONTRACTIONS[self._language]
        if self._stem is None or stem(word, self._language) not in {self._stem, self._word}:
            return False
        return self._language != _GERMAN or not _loses_umlaut(self._word, word)


def _loses_umlaut(word: str, form: str) -> bool:
    """Whether a form lacks an umlaut of the word. German plurals gain one; `schonen` is not a form of `schön`."""
    return any(one in _UMLAUTS and other not in _UMLAUTS for one, other in zip(word, form, strict=False))


@lru_cache(maxsize=4_096)
def stem(word: str, language: str | None) -> str | None:
    """Returns the stem of a folded word, or None if the language has no rules or it is not a usual word."""
    if language is None or len(word) > LONGEST_WORD or not word.isalpha():
        return None
    if endings := _ENDINGS.get(language):
        ending = next((each for each in endings.split() if word.endswith(each)), "")
        stemmed = word.removesuffix(ending)
        return stemmed if len(stemmed) >= (1 if language in _SYLLABLES else _SHORTEST_STEM) else word
    if language not in _NAMES:
        return None
    with _lock:
        stemmed = str(_stemmer(_NAMES[language]).stemWord(word))
    return stemmed if len(stemmed) > 1 else word


@lru_cache(maxsize=64)
def _stemmer(name: str) -> snowballstemmer.BaseStemmer:
    return snowballstemmer.stemmer(name)


def _language_of(word: str) -> str | None:
    first = ord(word[0]) if word else 0
    return next((language for letters, language in _OF_SCRIPT if first in letters), None)


def beginning_of(word: str) -> str:
    """Returns the first two letters without accents, because an umlaut may change between forms."""
    if word.isascii():
        return word[:_PREFIX]
    return "".join(each for each in unicodedata.normalize("NFD", word[:4]) if not unicodedata.combining(each))[:_PREFIX]
